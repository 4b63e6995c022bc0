import type { PollTarget } from "@/core/devices/poll_target.ts";

export type Sender = Pick<PollTarget, "tenantId" | "deviceId">;

/** Why a line belongs to nobody. */
export type Refusal = "unknown_source" | "ambiguous_source" | "unknown_tag";

export type Resolve = (name: string) => Promise<string[]>;

/** Names asked at one time, and how many of a fleet are asked at all. */
const RESOLVED_AT_ONCE = 4;
const MAX_NAMES = 2_000;
const MAX_ADDRESSES = 16;

/**
 * Which device sent a line. A tag in the line names it; without one its source address does, when exactly
 * one device of the region has that address. Two tenants may use the same private addresses: then nothing
 * is guessed, also not within one tenant.
 */
export class Senders {
  #byId = new Map<string, PollTarget>();
  #byAddress = new Map<string, Set<string>>();
  /** Addresses of devices that are known by name, as DNS said last. */
  #resolved = new Map<string, string[]>();

  constructor(readonly resolve: Resolve) {}

  sync(targets: readonly PollTarget[]): void {
    this.#byId.clear();
    this.#byAddress.clear();
    for (const target of targets) this.#add(target);
  }

  /** One device as it is now; `undefined`: it is gone. */
  async apply(deviceId: string, target: PollTarget | undefined): Promise<void> {
    this.#remove(deviceId);
    if (!target) return;
    const isName = canonicalAddress(target.address) === undefined;
    if (isName && !this.#resolved.has(target.address)) {
      const found = await this.resolve(target.address).catch(() => []);
      this.#resolved.set(target.address, found.slice(0, MAX_ADDRESSES));
      this.#remove(deviceId); // another change may have come meanwhile
    }
    this.#add(target);
  }

  /** Asks DNS for the devices that have a name; a name that does not answer keeps what it had. */
  async resolveNames(): Promise<void> {
    const names = [...new Set([...this.#byId.values()].map(({ address }) => address))]
      .filter((address) => canonicalAddress(address) === undefined).slice(0, MAX_NAMES);
    const answers = new Map<string, string[]>();
    const waiting = names.values();
    const worker = async () => {
      for (const name of waiting) {
        const found = await this.resolve(name).catch(() => this.#resolved.get(name) ?? []);
        answers.set(name, found.slice(0, MAX_ADDRESSES));
      }
    };
    await Promise.all(Array.from({ length: RESOLVED_AT_ONCE }, worker));
    this.#resolved = answers;
    this.sync([...this.#byId.values()]);
  }

  find(source: string, tag: string | null): { sender: Sender } | { refusal: Refusal } {
    if (tag !== null) {
      const target = this.#byId.get(tag);
      return target?.isEnabled ? { sender: target } : { refusal: "unknown_tag" };
    }
    const ids = this.#byAddress.get(source);
    if (!ids) return { refusal: "unknown_source" };
    if (ids.size > 1) return { refusal: "ambiguous_source" };
    const [id] = ids;
    return { sender: this.#byId.get(id!)! };
  }

  #add(target: PollTarget): void {
    this.#byId.set(target.deviceId, target);
    if (!target.isEnabled) return;
    for (const address of this.#addressesOf(target)) {
      const ids = this.#byAddress.get(address);
      if (ids) ids.add(target.deviceId);
      else this.#byAddress.set(address, new Set([target.deviceId]));
    }
  }

  #remove(deviceId: string): void {
    const target = this.#byId.get(deviceId);
    if (!target) return;
    this.#byId.delete(deviceId);
    for (const address of this.#addressesOf(target)) {
      const ids = this.#byAddress.get(address);
      ids?.delete(deviceId);
      if (ids?.size === 0) this.#byAddress.delete(address);
    }
  }

  #addressesOf({ address }: PollTarget): string[] {
    const own = canonicalAddress(address);
    if (own !== undefined) return [own];
    return (this.#resolved.get(address) ?? []).flatMap((one) => canonicalAddress(one) ?? []);
  }
}

/** An address in the one form it is compared in; `undefined` for a name. */
export function canonicalAddress(text: string): string | undefined {
  const address = text.replace(/%.*$/, "");
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1];
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return address;
  if (!address.includes(":")) return undefined;
  try {
    return new URL(`http://[${address}]`).hostname.slice(1, -1);
  } catch {
    return undefined;
  }
}
