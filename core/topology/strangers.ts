import type { NeighborReading } from "@/core/contract/sample.ts";
import { isTellingName, macKey } from "./known_devices.ts";
import type { Stranger } from "./sighting.ts";

/** Ports of one board have MACs close to each other. */
const NEAR = 64;
/** Past it the fleet's neighbourhood is not a network any more. */
const MAX_STRANGERS = 20_000;

const cut = (text: string | null, length: number) => text?.slice(0, length) ?? null;

/**
 * Those whom nobody manages. A switch that is not managed shows another MAC on each of its ports: the
 * same name with a MAC close by, or at the same address, is the same device.
 */
export class Strangers {
  readonly #all = new Map<string, Stranger>();
  readonly #byName = new Map<string, Stranger[]>();

  /** Answers the key; `undefined` for one that says nothing of itself, or when there are too many. */
  add(neighbor: NeighborReading, atMs: number): string | undefined {
    const mac = macKey(neighbor.macAddress);
    const name = isTellingName(neighbor.identity) ? neighbor.identity.slice(0, 200) : null;
    const key = mac
      ? `mac:${mac}`
      : neighbor.address
      ? `ip:${neighbor.address.toLowerCase()}`
      : name
      ? `name:${name}`
      : undefined;
    if (key === undefined) return undefined;
    const named = name === null ? [] : this.#byName.get(name) ?? [];
    const known = this.#all.get(key) ??
      named.find((other) =>
        (mac !== undefined && other.macAddress !== null && near(mac, other.macAddress)) ||
        (neighbor.address !== null && neighbor.address === other.address)
      );
    if (known) {
      known.lastSeenMs = Math.max(known.lastSeenMs, atMs);
      known.address ??= neighbor.address;
      known.platform ??= cut(neighbor.platform, 100);
      known.board ??= cut(neighbor.board, 100);
      known.version ??= cut(neighbor.version, 100);
      return known.key;
    }
    if (this.#all.size >= MAX_STRANGERS) return undefined;
    const stranger: Stranger = {
      key,
      identity: cut(neighbor.identity, 200),
      address: neighbor.address,
      macAddress: mac ?? null,
      platform: cut(neighbor.platform, 100),
      board: cut(neighbor.board, 100),
      version: cut(neighbor.version, 100),
      lastSeenMs: atMs,
    };
    this.#all.set(key, stranger);
    if (name !== null) this.#byName.set(name, [...named, stranger]);
    return key;
  }

  all(): Stranger[] {
    return [...this.#all.values()];
  }
}

function near(a: string, b: string): boolean {
  const number = (mac: string) => parseInt(mac.replaceAll(":", ""), 16);
  return Math.abs(number(a) - number(b)) <= NEAR;
}
