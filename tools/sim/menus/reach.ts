import { between, hash } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { Trap } from "../trap.ts";
import { isIpv4 } from "../values.ts";
import { nextHop } from "../ways.ts";
import { siteAddress } from "./ip.ts";

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

export const isAddress = (text: string) =>
  IPV4.test(text) || /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(text);

/** Networks where nobody answers, and where somebody says that nobody is there. */
const SILENT = "192.0.2.";
const UNREACHABLE = "203.0.113.";

/** What a name stands for, by the servers of the router; names under `.invalid` stand for nothing. */
export function resolve(
  router: SimRouter,
  name: string,
  type: "ipv4" | "ipv6" = "ipv4",
): string {
  const fixed = router.config.rows("/ip/dns/static").find((row) =>
    row["name"] === name && row["disabled"] !== "true" && row["address"] !== undefined
  );
  if (fixed && type === "ipv4") return String(fixed["address"]);
  const servers = String(router.config.rows("/ip/dns")[0]?.["servers"] ?? "").split(",");
  const isAnswered = servers.some((server) =>
    isAddress(server) && pathTo(router, server).end === "answers"
  );
  if (!isAnswered) throw new Trap("failure: dns server failure", 4);
  if (/\.invalid\.?$/i.test(name)) throw new Trap("failure: dns name does not exist", 4);
  const h = hash(name.toLowerCase());
  return type === "ipv6"
    ? `2001:db8::${(h >>> 16).toString(16)}:${(h & 0xffff).toString(16)}`
    : `198.51.100.${h % 254 + 1}`;
}

/** How packets to an address fare, seen from a router. */
export interface Path {
  readonly address: string;
  /** Addresses on the way, the last the target's; `undefined` where nobody answers. */
  readonly hops: readonly (string | undefined)[];
  /** `silent`: nothing comes back; `unreachable`: the last hop says so; `no-route`: not sent at all. */
  readonly end: "answers" | "silent" | "unreachable" | "no-route";
}

/** 192.0.2.0/24 is silent, 203.0.113.0/24 unreachable; all else answers. */
export function pathTo(router: SimRouter, host: string): Path {
  const address = isAddress(host) ? host : resolve(router, host);
  const end = endOf(router, address);
  if (end === "no-route") return { address, hops: [undefined], end };
  const isNear = address.startsWith("10.") || address.startsWith("192.168.");
  const count = isNear ? between(0, 1, address) : between(2, 6, router.seed, address);
  const hops: (string | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    const isQuiet = i > 0 && hash(address, i) % 5 === 0;
    const gateway = siteAddress(router).replace(/\d+$/, "254");
    hops.push(
      isQuiet ? undefined : i === 0 ? gateway : `100.64.${i}.${hash(address, i) % 254 + 1}`,
    );
  }
  return { address, hops: [...hops, end === "answers" ? address : undefined], end };
}

function endOf(router: SimRouter, address: string): Path["end"] {
  if (address.startsWith(SILENT)) return "silent";
  if (isIpv4(address)) {
    const hop = nextHop(router, address);
    if (!hop) return "no-route";
    // Only one gateway is really there; what is sent to another gets nowhere.
    const real = siteAddress(router).replace(/\d+$/, "254");
    if (hop.gateway !== undefined && hop.gateway !== real) return "silent";
  }
  return address.startsWith(UNREACHABLE) ? "unreachable" : "answers";
}

/** Round-trip time to hop `index` in milliseconds, a little different each time. */
export function roundTrip(path: Path, index: number, round: number): number {
  const base = path.hops.slice(0, index + 1)
    .reduce((sum, _, i) => sum + 0.3 + hash(path.address, "rtt", i) % 40 / 10, 0);
  return base * (1 + hash(path.address, index, round) % 100 / 400);
}
