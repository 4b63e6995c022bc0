import type { Lease, Locks } from "@/core/ports/locks.ts";

/** How much may run at a time. */
export const RUN_LIMITS = {
  /** Of one router: a tool and somebody who reads the log. */
  device: 2,
  tenant: 20,
  process: 100,
} as const;
/** Longer than the pauses between two renewals, so that a dead poller's places are free soon. */
export const SLOT_TTL_MS = 40_000;

export interface Slot extends AsyncDisposable {
  renew(): Promise<void>;
}

/**
 * Places for runs. What this process holds is counted here; among several pollers the lock service
 * counts, and when it does not answer the count of each poller has to do.
 */
export class RunSlots {
  #held = new Map<string, number>();
  #all = 0;

  constructor(
    readonly locks: Locks,
    readonly limits = RUN_LIMITS as Record<Owner | "process", number>,
  ) {}

  get inUse(): number {
    return this.#all;
  }

  /** Whether this process runs something on a device. */
  isOn(device: string): boolean {
    return this.#held.has(`run:device:${device}`);
  }

  /** Takes a place of every owner, or answers why there is none. */
  async take(owners: { tenant: string; device: string | null }): Promise<Slot | { full: string }> {
    if (this.#all >= this.limits.process) {
      return {
        full: `This poller runs ${this.limits.process} things already: wait for one to end`,
      };
    }
    const wanted = ([["device", owners.device], ["tenant", owners.tenant]] as const)
      .filter((pair): pair is [Owner, string] => pair[1] !== null);
    await using taken = new AsyncDisposableStack();
    const leases: Lease[] = [];
    this.#all += 1;
    taken.defer(() => void (this.#all -= 1));
    for (const [owner, id] of wanted) {
      const key = `run:${owner}:${id}`;
      const held = this.#held.get(key) ?? 0;
      if (held >= this.limits[owner]) return { full: fullOf(owner, this.limits[owner]) };
      this.#held.set(key, held + 1);
      taken.defer(() => this.#release(key));
      const lease = await this.#lease(key, this.limits[owner]);
      if (lease === "full") return { full: fullOf(owner, this.limits[owner]) };
      if (!lease) continue;
      leases.push(lease);
      taken.defer(() => Promise.resolve(lease[Symbol.asyncDispose]()).catch(() => {}));
    }
    const kept = taken.move();
    return {
      renew: async () => {
        await Promise.allSettled(leases.map((lease) => lease.renew(SLOT_TTL_MS)));
      },
      [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
  }

  #release(key: string): void {
    const held = this.#held.get(key) ?? 0;
    if (held > 1) this.#held.set(key, held - 1);
    else this.#held.delete(key);
  }

  async #lease(key: string, places: number): Promise<Lease | "full" | undefined> {
    try {
      for (let place = 0; place < places; place++) {
        const lease = await this.locks.acquire(`${key}:${place}`, SLOT_TTL_MS);
        if (lease) return lease;
      }
      return "full";
    } catch {
      return undefined;
    }
  }
}

type Owner = "device" | "tenant";

function fullOf(owner: Owner, limit: number): string {
  return owner === "device"
    ? `This router runs ${limit} tools already, and small routers bear no more: stop one first`
    : `Your organisation runs ${limit} tools already: stop one first`;
}
