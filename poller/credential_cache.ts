import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";

const CAPACITY = 1_024;
const TTL_MS = 5 * 60_000;

type Load = (target: PollTarget) => Promise<DeviceCredential | undefined>;

interface Entry {
  value: Promise<DeviceCredential | undefined>;
  /** Which login of the device it is. */
  setAt: string | null;
  until: number;
}

/**
 * Clear credentials of the devices polled last: saves a KMS call a reconnect. Bounded, short-lived,
 * dropped when the device changes; asked for twice at once, loaded once.
 */
export class CredentialCache {
  #entries = new Map<string, Entry>();

  constructor(readonly load: Load, readonly now: () => number) {}

  get(target: PollTarget): Promise<DeviceCredential | undefined> {
    const key = target.deviceId;
    const cached = this.#entries.get(key);
    this.#entries.delete(key); // set again below: the map's order is the order of use
    // Set anew since: the message that says so may have been lost.
    const isSame = cached?.setAt === target.credentialAt;
    if (cached && isSame && cached.until > this.now()) {
      this.#entries.set(key, cached);
      return cached.value;
    }
    const value = this.load(target);
    const entry = { value, setAt: target.credentialAt, until: this.now() + TTL_MS };
    this.#entries.set(key, entry);
    value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key); // a failure is not kept
    });
    if (this.#entries.size > CAPACITY) this.#entries.delete(this.#entries.keys().next().value!);
    return value;
  }

  drop(deviceId: string): void {
    this.#entries.delete(deviceId);
  }

  get size(): number {
    return this.#entries.size;
  }
}
