import { deepEqual, equal } from "node:assert/strict";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { diffExports } from "./semantic_diff.ts";

const FIREWALL = `/ip firewall filter
add action=accept chain=input comment="established" connection-state=established,related
add action=accept chain=input comment="icmp" protocol=icmp
add action=accept chain=input comment="winbox" dst-port=8291 protocol=tcp src-address-list=office
add action=drop chain=input comment="the rest"
`;

/** One line a change, as a person would say it. */
function told(before: string, after: string): string[] {
  return diffExports(parseExport(before).entries, parseExport(after).entries).map(
    ({ menu, kind, label, attributes, from, to }) => {
      const what = attributes.map(({ name, from, to }) => `${name} ${from} → ${to}`).join(", ");
      const place = kind === "moved" ? `${from} → ${to}` : "";
      return [kind, menu, label, what, place].filter(Boolean).join(" | ");
    },
  );
}

for (
  const { before, after, want, why } of [
    {
      before: "/ip dns\nset servers=192.0.2.1",
      after: "/ip dns\nset allow-remote-requests=yes servers=192.0.2.2",
      want: [
        "changed | /ip/dns | allow-remote-requests null → yes, servers 192.0.2.1 → 192.0.2.2",
      ],
      why: "attributes of a menu that has one item",
    },
    {
      before: "/ip service\nset telnet disabled=yes\nset api disabled=yes",
      after: "/ip service\nset api address=192.0.2.0/24\nset telnet disabled=yes",
      want: ["changed | /ip/service | api | address null → 192.0.2.0/24, disabled yes → null"],
      why: "items that have a name, whatever their order",
    },
    {
      before: "/ip address\nadd address=192.0.2.1/24 interface=ether1 network=192.0.2.0",
      after:
        "/ip address\nadd address=192.0.2.1/24 comment=lan interface=ether1 network=192.0.2.0\n" +
        "add address=198.51.100.1/24 interface=ether2 network=198.51.100.0",
      want: [
        "changed | /ip/address | 192.0.2.1/24 ether1 | comment null → lan",
        "added | /ip/address | 198.51.100.1/24 ether2",
      ],
      why: "an address that got a comment, and another one",
    },
    {
      before: "/interface bridge\nadd name=lan",
      after: "/interface bridge\nadd name=lan\n/ip address\nadd address=192.0.2.1/24 interface=lan",
      want: ["added | /ip/address | 192.0.2.1/24 lan"],
      why: "a menu that is new",
    },
    {
      before: FIREWALL,
      after: FIREWALL.replace("dst-port=8291", "dst-port=8291,22"),
      want: [
        "changed | /ip/firewall/filter | winbox input accept tcp 8291,22 | dst-port 8291 → 8291,22",
      ],
      why: "a rule that changed in its place",
    },
    {
      before: FIREWALL,
      after: FIREWALL.split("\n").toSpliced(2, 1).toSpliced(
        4,
        0,
        `add action=accept chain=input comment="icmp" protocol=icmp`,
      ).join("\n"),
      want: ["moved | /ip/firewall/filter | icmp input accept icmp | 1 → 3"],
      why: "a rule that moved below the one that drops",
    },
    {
      before: FIREWALL,
      after: FIREWALL.replace(/add.*icmp\n/, "") +
        "add action=accept chain=forward comment=new dst-port=443 protocol=tcp\n",
      want: [
        "removed | /ip/firewall/filter | icmp input accept icmp",
        "added | /ip/firewall/filter | new forward accept tcp 443",
      ],
      why: "a rule that went and one that came",
    },
    {
      before: FIREWALL,
      after: FIREWALL.replace("/ip firewall filter\n", "/ip firewall filter\n# remark\n"),
      want: [],
      why: "nothing in a remark that came",
    },
  ]
) {
  Deno.test(`diffExports() tells ${why}`, () => deepEqual(told(before, after), want));
}

Deno.test("diffExports() of long lists of rules takes no time to speak of", () => {
  const rules = Array.from(
    { length: 3_000 },
    (_, n) =>
      `add action=accept chain=input comment="rule ${n}" src-address=198.51.${n >> 8}.${n & 255}`,
  );
  const text = (lines: string[]) => `/ip firewall filter\n${lines.join("\n")}`;
  const changed = rules.toSpliced(1_500, 1).toSpliced(10, 0, rules[1_500]!);
  deepEqual(told(text(rules), text(changed)).map((line) => line.split(" | ").at(-1)), [
    "1500 → 10",
  ]);
  const [a, b] = [text(rules), text(rules.toReversed())].map((one) => parseExport(one).entries);
  equal(diffExports(a!, b!).every(({ kind }) => kind === "moved"), true);
});
