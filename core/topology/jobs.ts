import { Counter, Gauge } from "prom-client";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { findLinks } from "./find_links.ts";
import { readFleet, readMarker } from "./read_fleet.ts";
import { storeLinks } from "./store_links.ts";

export type TopologyPlatform = Pick<
  Platform,
  "log" | "clock" | "db" | "locks" | "registry" | "bus"
>;

const RUN_EVERY_MS = 30_000;
const LOCK_MS = 300_000;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/**
 * Works out the links of each tenant whose routers said something new, until `signal` aborts. Beside
 * ingest, not in it: a sample costs nothing more. Of several instances the one with the lock works.
 */
export async function runTopologyJobs(
  platform: TopologyPlatform,
  signal: AbortSignal,
): Promise<void> {
  const { log, clock, locks, registry } = platform;
  const registers = [registry];
  const failures = new Counter({
    name: "tod_topology_job_failures_total",
    help: "Runs of the topology job that failed; they are tried again.",
    registers,
  });
  const seconds = new Gauge({
    name: "tod_topology_run_seconds",
    help: "How long the last run over all tenants took.",
    registers,
  });
  let pauseMs = FIRST_PAUSE_MS;
  let tookMs = 0;
  while (!signal.aborted) {
    try {
      await using lease = await locks.acquire("topology-jobs", LOCK_MS);
      if (lease) {
        const began = clock.monotonic();
        for (const tenantId of await listTenantIds(platform.db)) {
          if (signal.aborted || !await lease.renew(LOCK_MS)) break;
          await refreshTopology(platform, tenantId);
        }
        tookMs = clock.monotonic() - began;
        seconds.set(tookMs / 1_000);
      }
      pauseMs = FIRST_PAUSE_MS;
      // However large the fleet, this takes no more than a twentieth of the process.
      await clock.sleep(Math.max(RUN_EVERY_MS, tookMs * 19), signal);
    } catch (error) {
      failures.inc();
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "the topology job failed: it runs again soon", { error, pauseMs });
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  }
}

/** Works out one tenant's links if anything was said since they last were. Answers whether it did. */
export async function refreshTopology(
  { db, bus, clock }: Pick<TopologyPlatform, "db" | "bus" | "clock">,
  tenantId: TenantId,
): Promise<boolean> {
  const read = await db.tenant(tenantId, async (sql) => {
    const [run] = await sql<{ marker: string }[]>`select marker from topology_runs`;
    const marker = await readMarker(sql);
    return marker === run?.marker ? undefined : { marker, fleet: await readFleet(sql) };
  });
  if (!read) return false;
  const { marker, fleet } = read;
  const found = await findLinks(fleet);
  const ids = new Set(fleet.map(({ id }) => id));
  const facts = { isDevice: (node: string) => ids.has(node), nowMs: clock.now(), marker };
  await db.tenant(tenantId, (sql) => storeLinks(sql, tenantId, found, facts));
  bus.broadcast(subjects.topologyChanged(tenantId), new Uint8Array());
  return true;
}
