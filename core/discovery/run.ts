import type { Platform } from "@/core/platform.ts";
import { subjects } from "@/core/subjects.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { refreshNeighbors } from "./refresh_neighbors.ts";
import { ScanReport } from "./scan_protocol.ts";
import { interruptSilentScans, takeScanReport } from "./scan_reports.ts";

export type DiscoveryPlatform = Pick<Platform, "log" | "clock" | "db" | "locks" | "bus" | "rpc">;

const REFRESH_EVERY_MS = 120_000;
const LOCK_MS = 110_000;
const LOOK_EVERY_MS = 5_000;
const REPORTS_AT_ONCE = 8;

/**
 * Until `signal` aborts: stores what pollers report of their scans, ends those whose poller is silent,
 * and makes the lists of unmanaged neighbours anew every two minutes (of several instances the one with
 * the lock).
 */
export async function runDiscovery(
  platform: DiscoveryPlatform,
  signal: AbortSignal,
): Promise<void> {
  const { rpc, log, clock } = platform;
  const reports = rpc.serve(
    subjects.scanReport,
    { group: "discovery", concurrency: REPORTS_AT_ONCE, signal },
    async (data) => {
      const report = ScanReport.parse(JSON.parse(new TextDecoder().decode(data)));
      const answer = { goOn: await takeScanReport(platform, report) };
      return new TextEncoder().encode(JSON.stringify(answer));
    },
  );
  const watch = async () => {
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal);
      try {
        const ended = await interruptSilentScans(platform);
        if (ended > 0) log.warn("scans whose poller is silent were ended", { scans: ended });
      } catch (error) {
        log.warn("silent scans were not looked for: the next round will", { error });
      }
    }
  };
  await Promise.all([reports, watch(), refresh(platform, signal)]);
}

async function refresh(
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
