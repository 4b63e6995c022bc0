import { equal } from "node:assert/strict";
import { matches } from "@/tools/sim/query.ts";

const row: Record<string, string> = {
  name: "ether1",
  type: "ether",
  running: "true",
  disabled: "false",
  comment: "",
  "rx-byte": "18446744073709551615",
  mtu: "1500",
};

for (
  const [words, expected] of [
    ["", true],
    ["?name", true],
    ["?absent", false],
    ["?-absent", true],
    ["?-name", false],
    ["?name=ether1", true],
    ["?=name=ether1", true],
    ["?name=ether2", false],
    ["?absent=x", false],
    ["?running=yes", true],
    ["?running=true", true],
    ["?disabled=no", true],
    ["?disabled=yes", false],
    ["?>mtu=1499", true],
    ["?>mtu=1500", false],
    ["?<mtu=9000", true],
    ["?>rx-byte=18446744073709551614", true],
    ["?>name=", true],
    ["?>comment=", false],
    ["?>absent=", false],
    // Words without operations must all hold.
    ["?type=ether ?running=yes", true],
    ["?type=ether ?running=no", false],
    // The manual's own example: neither ether nor vlan.
    ["?type=ether ?type=vlan ?#|!", false],
    ["?type=wlan ?type=vlan ?#|!", true],
    ["?type=ether ?type=vlan ?#|", true],
    ["?type=ether ?type=vlan ?#&", false],
    ["?absent=x ?#!", true],
    // Whatever else is on the stack must hold too.
    ["?type=wlan ?type=ether ?type=vlan ?#|", false],
    // An index copies; at the end of the word it replaces the stack.
    ["?type=wlan ?type=ether ?#0", true],
    ["?type=wlan ?type=ether ?#1", false],
    ["?type=ether ?#!.!|", true],
    // The stack below is "true" for ever.
    ["?#!", false],
    ["?#|", true],
  ] as const
) {
  Deno.test(`query ${words || "of no words"} is ${expected}`, () => {
    equal(matches(words.split(" ").filter((word) => word), (name) => row[name]), expected);
  });
}
