import { equal } from "node:assert/strict";
import { isNetwork, networkSet } from "./networks.ts";

for (
  const [text, expected] of [
    ["192.0.2.1", true],
    ["192.0.2.0/24", true],
    ["192.0.2.0/33", false],
    ["2001:db8::/32", true],
    ["2001:db8::/129", false],
    ["192.0.2.0/24/8", false],
    ["example.net", false],
    ["", false],
    ["192.0.2.0/", false],
    ["192.0.2.0/-1", false],
  ] as const
) Deno.test(`isNetwork("${text}") is ${expected}`, () => equal(isNetwork(text), expected));

Deno.test("networkSet() tells what lies in it", () => {
  const has = networkSet(["192.0.2.0/24", "203.0.113.7", "2001:db8::/32"]);
  for (const inside of ["192.0.2.9", "::ffff:192.0.2.9", "203.0.113.7", "2001:db8::1"]) {
    equal(has(inside), true, inside);
  }
  for (const outside of ["192.0.3.1", "203.0.113.8", "2001:db9::1", "nonsense", ""]) {
    equal(has(outside), false, outside);
  }
  equal(networkSet([])("192.0.2.1"), false);
});
