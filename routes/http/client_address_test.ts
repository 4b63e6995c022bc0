import { equal } from "node:assert/strict";
import { Hono } from "hono";
import { clientAddress } from "./client_address.ts";

async function addressOf(trusted: string[], peer: string, forwarded?: string): Promise<string> {
  const app = new Hono().get("/", (c) => c.text(clientAddress(trusted)(c)));
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  const env = { remoteAddr: { hostname: peer } };
  return await (await app.request("/", { headers }, env)).text();
}

for (
  const [why, trusted, peer, forwarded, expected] of [
    ["no proxy is trusted", [], "192.0.2.1", "203.0.113.9", "192.0.2.1"],
    ["a stranger forges it", ["10.0.0.0/8"], "192.0.2.1", "203.0.113.9", "192.0.2.1"],
    ["one proxy", ["10.0.0.0/8"], "10.0.0.1", "203.0.113.9", "203.0.113.9"],
    ["a chain of proxies", ["10.0.0.0/8"], "10.0.0.1", "203.0.113.9, 10.0.0.7", "203.0.113.9"],
    ["a client forges hops", ["10.0.0.1"], "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
    ["nothing was forwarded", ["10.0.0.1"], "10.0.0.1", undefined, "10.0.0.1"],
    ["nonsense", ["10.0.0.1"], "10.0.0.1", "<script>", "10.0.0.1"],
    ["IPv6 in brackets with a port", ["::1"], "::1", "[2001:db8::5]:443", "2001:db8::5"],
    ["IPv4 in IPv6 clothes", ["10.0.0.1"], "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"],
  ] as const
) {
  Deno.test(`clientAddress(): ${why}`, async () => {
    equal(await addressOf([...trusted], peer, forwarded), expected);
  });
}
