import { between, hash } from "../random.ts";
import type { SimRouter } from "../router.ts";
import { Trap } from "../trap.ts";
import { siteAddress } from "./ip.ts";

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

export const isAddress = (text: string) =>
  IPV4.test(text) || /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(text);

/** What a name stands for; names under `.invalid` stand for nothing. */
export function resolve(name: string, type: "ipv4" | "ipv6" = "ipv4"): string {
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
  /** `silent`: nothing comes back; `unreachable`: the last hop says so. */
  readonly end: "answers" | "silent" | "unreachable";
}

/** 192.0.2.0/24 is silent, 203.0.113.0/24 unreachable; all else answers. */
export function pathTo(router: SimRouter, host: string): Path {
  const address = isAddress(host) ? host : resolve(host);
  const end = address.startsWith("192.0.2.")
    ? "silent"
    : address.startsWith("203.0.113.")
    ? "unreachable"
    : "answers";
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

/** Round-trip time to hop `index` in milliseconds, a little different each time. */
export function roundTrip(path: Path, index: number, round: number): number {
  const base = path.hops.slice(0, index + 1)
    .reduce((sum, _, i) => sum + 0.3 + hash(path.address, "rtt", i) % 40 / 10, 0);
  return base * (1 + hash(path.address, index, round) % 100 / 400);
}
