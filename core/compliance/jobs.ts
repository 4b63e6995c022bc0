import { Counter, Histogram } from "prom-client";
import { planChecks, takeDueChecks } from "@/core/config_checks/due.ts";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import type { TenantId } from "@/core/scope.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { checkBatch, CheckMemory } from "./check_batch.ts";
import { noteCounts } from "./counts.ts";
import { noteDay, pruneDays } from "./days.ts";
import { ensureLibrary } from "./library_sync.ts";

export type CompliancePlatform = Pick<
  Platform,
  "log" | "clock" | "db" | "kms" | "rpc" | "registry"
>;

const AT_ONCE = 50;
/** A batch takes seconds; routers that answer slowly may hold it up for a minute. */
const LEASE_SECONDS = 300;
const LOOK_EVERY_MS = 3_000;
const PLAN_EVERY_MS = 60_000;
const MAX_PAUSE_MS = 60_000;
/** While there is always more to look at, rules are counted this often. */
const COUNT_EVERY_MS = 30_000;

/**
 * Holds every router's configuration against its rules and baselines whenever there is a reason to, until
 * `signal` aborts. Any number of instances: a router that one has taken no other takes.
 */
export async function runComplianceJobs(
  platform: CompliancePlatform,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log, db, kms, rpc, registry } = platform;
  const registers = [registry];
  const looked = new Counter({
    name: "tod_compliance_checks_total",
    help: "Routers whose configuration was held against rules and baselines.",
    registers,
  });
  const took = new Histogram({
    name: "tod_compliance_batch_seconds",
    help: "Time to hold a batch of routers against rules and baselines.",
    buckets: [0.05, 0.2, 0.5, 1, 2, 5, 15, 60],
    registers,
  });
  const deps = { db, kms, clock, link: remoteLink({ db, rpc }) };
  const memory = new CheckMemory(kms);
  const uncounted = new Set<TenantId>();
  let countedMs = -Infinity;
  let plannedMs = -Infinity;
  let pauseMs = 1_000;
  while (!signal.aborted) {
    try {
      if (clock.now() - plannedMs >= PLAN_EVERY_MS) {
        for (const tenantId of await listTenantIds(db)) {
          await ensureLibrary(db, tenantId);
          if (await planChecks(db, tenantId) > 0) uncounted.add(tenantId);
          await noteDay(db, tenantId, clock.now());
          await pruneDays(db, tenantId, clock.now());
        }
        plannedMs = clock.now();
      }
      const due = await takeDueChecks(db, AT_ONCE, LEASE_SECONDS);
      for (const [tenantId, checks] of Map.groupBy(due, (one) => one.tenantId)) {
        const began = clock.monotonic();
        looked.inc(await checkBatch(deps, memory, tenantId, checks));
        took.observe((clock.monotonic() - began) / 1_000);
        uncounted.add(tenantId);
        if (signal.aborted) return;
      }
      if (due.length < AT_ONCE || clock.now() - countedMs >= COUNT_EVERY_MS) {
        for (const tenantId of uncounted) {
          await noteCounts(db, tenantId);
          uncounted.delete(tenantId);
        }
        countedMs = clock.now();
      }
      pauseMs = 1_000;
      if (due.length < AT_ONCE) await clock.sleep(LOOK_EVERY_MS, signal);
    } catch (error) {
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "the compliance job failed: it runs again soon", { error, pauseMs });
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  }
}
