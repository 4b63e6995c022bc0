import { deepEqual, equal, match } from "node:assert/strict";
import { MAX_SCAN_ADDRESSES, readTargets } from "./scan_targets.ts";

Deno.test("readTargets() takes addresses, networks, ranges and lists, each address once", () => {
  const read = (text: string) => {
    const { addresses, problems } = readTargets(text);
    deepEqual(problems, [], text);
    return addresses;
  };
  deepEqual(read("10.0.0.0/30"), ["10.0.0.1", "10.0.0.2"]);
  deepEqual(read("10.0.0.7/30, 10.0.0.4/31"), ["10.0.0.5", "10.0.0.6", "10.0.0.4"]);
  deepEqual(read("10.0.0.254-10.0.1.1"), ["10.0.0.254", "10.0.0.255", "10.0.1.0", "10.0.1.1"]);
  deepEqual(read("192.168.88.1-3\n192.168.88.2"), ["192.168.88.1", "192.168.88.2", "192.168.88.3"]);
  deepEqual(read("fd00::fffe-fd00::1:1"), ["fd00::fffe", "fd00::ffff", "fd00::1:0", "fd00::1:1"]);
  deepEqual(read("FD00:0:0:1:0:0:0:9"), ["fd00:0:0:1::9"]);
  equal(read("fd00::/116").length, 4_096);
  equal(read("10.0.0.0/20").length, 4_094);
});

Deno.test("readTargets() refuses what is too much or nothing, and says what", () => {
  for (
    const [text, why] of [
      ["", /names no address/],
      ["10.0.0.0/19", /is more than 4096 addresses/],
      ["10.0.0.0/21 10.1.0.0/21 10.2.0.0/24", /together it is more than 4096/],
      ["fd00::/64", /an IPv6 network is \/116 at most/],
      ["0.0.0.0/0", /more than 4096/],
      ["10.0.0.300", /is no address/],
      ["10.0.0.9-3", /ends before it begins/],
      ["10.0.0.1-fd00::1", /is no range/],
      ["10.0.0.0/33", /no such prefix/],
      ["router.example.net", /is no address/],
      ["10.0.0.1-2-3", /is no address/],
      ["fe80::1%eth0", /is no address/],
      ["::/0", /at most/],
      ["x".repeat(9_000), /too long/],
    ] as const
  ) match(readTargets(text).problems.join("; "), why, text);
  const before = performance.now();
  readTargets("0.0.0.0-255.255.255.255 ".repeat(300));
  equal(performance.now() - before < 100, true, "no range is walked through before it is measured");
  equal(MAX_SCAN_ADDRESSES, 4_096);
});
