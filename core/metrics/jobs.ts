import { Counter, Gauge } from "prom-client";
import { pruneClients } from "@/core/clients/prune_clients.ts";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { noteFleet, pruneFleetHistory } from "@/core/overview/fleet_history.ts";
import { DAY_MS, ensureMetricPartitions } from "./partitions.ts";
import { dropOldPartitions, pruneTenant } from "./retention.ts";
import { advanceRollup } from "./rollups.ts";

export type JobsPlatform = Pick<
  Platform,
  "config" | "log" | "clock" | "db" | "locks" | "registry"
>;

const RUN_EVERY_MS = 60_000;
const HOUSEKEEPING_EVERY_MS = 3_600_000;
const LOCK_MS = 120_000;
const DAYS_AHEAD = 7;
const MAX_PAUSE_MS = 30_000;

/**
 * Keeps the metrics tables in shape until `signal` aborts: partitions a week ahead, rollups each
 * minute, retention each hour. Of several instances the one with the lock works. Trouble with the
 * database is logged and tried again; it never ends the role.
 */
export async function runMetricJobs(platform: JobsPlatform, signal: AbortSignal): Promise<void> {
  const { log, clock, locks, registry } = platform;
  const registers = [registry];
  const failures = new Counter({
    name: "tod_metric_job_failures_total",
    help: "Runs of the metric jobs that failed; they are tried again.",
    registers,
  });
  const rolledUp = new Gauge({
    name: "tod_rollup_done_timestamp_seconds",
    help: "How far the rollups have come.",
    labelNames: ["tier"] as const,
    registers,
  });
  let housekeptMs = -Infinity;
  let pauseMs = 1_000;
  while (!signal.aborted) {
    try {
      await using lease = await locks.acquire("metric-jobs", LOCK_MS);
      if (lease) {
        if (clock.now() - housekeptMs >= HOUSEKEEPING_EVERY_MS) {
          await keepHouse(platform);
          housekeptMs = clock.now();
        }
        for (const tier of ["5m", "1h"] as const) {
          const doneMs = await advanceRollup(platform.db, tier, {
            tenants: await listTenantIds(platform.db),
            nowMs: clock.now(),
            signal,
            keepGoing: () => lease.renew(LOCK_MS),
          });
          rolledUp.set({ tier }, doneMs / 1_000);
        }
        for (const tenantId of await listTenantIds(platform.db)) {
          await noteFleet(platform.db, tenantId, clock.now());
        }
      }
      pauseMs = 1_000;
      await clock.sleep(RUN_EVERY_MS, signal);
    } catch (error) {
      failures.inc();
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "the metric jobs failed: they run again soon", { error, pauseMs });
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  }
}

/** Partitions of the days to come, and the end of old data. Also run once before ingest starts. */
export async function keepHouse(
  { config, db, clock, log }: Pick<Platform, "config" | "db" | "clock" | "log">,
): Promise<void> {
  const nowMs = clock.now();
  // Two days back: rollups of yesterday's late samples need a place.
  const made = await ensureMetricPartitions(db, nowMs - 2 * DAY_MS, nowMs + DAYS_AHEAD * DAY_MS);
  const dropped = await dropOldPartitions(db, config.retention, nowMs);
  for (const tenantId of await listTenantIds(db)) {
    await pruneTenant(db, tenantId, config.retention, nowMs);
    await pruneFleetHistory(db, tenantId, config.retention.hourDays, nowMs);
    await pruneClients(db, tenantId, config.retention.clientDays, nowMs);
  }
  if (made + dropped > 0) log.info("partitions made and dropped", { made, dropped });
}
