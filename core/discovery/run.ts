import type { Platform } from "@/core/platform.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { refreshNeighbors } from "./refresh_neighbors.ts";

export type DiscoveryPlatform = Pick<Platform, "log" | "clock" | "db" | "locks">;

const REFRESH_EVERY_MS = 120_000;
const LOCK_MS = 110_000;

/**
 * Makes the lists of unmanaged neighbours anew every two minutes, until `signal` aborts. Of several
 * instances the one with the lock works.
 */
export async function runDiscovery(
  { log, clock, db, locks }: DiscoveryPlatform,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await using lease = await locks.acquire("discovery", LOCK_MS);
      if (lease) {
        for (const tenantId of await listTenantIds(db)) {
          if (signal.aborted || !await lease.renew(LOCK_MS)) break;
          await refreshNeighbors(db, tenantId, clock.now());
        }
      }
    } catch (error) {
      log.warn("the list of neighbours was not made anew: the next round will", { error });
    }
    await clock.sleep(REFRESH_EVERY_MS, signal);
  }
}
