import { Counter, Gauge } from "prom-client";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { checkChain } from "./check_chain.ts";

export type AuditJobsPlatform = Pick<Platform, "log" | "clock" | "db" | "locks" | "registry">;

const RUN_EVERY_MS = 3_600_000;
const LOCK_MS = 600_000;
const DAY_MS = 86_400_000;
/** Counts of reads of secrets are kept so long. */
const KEEP_READS_MS = 400 * DAY_MS;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/**
 * Checks each tenant's audit chain every hour and ends old counts of secret reads, until `signal`
 * aborts. Of several instances the one with the lock works. The log line with a chain's head is what
 * to keep elsewhere: `tod audit verify --head` takes it.
 */
export async function runAuditJobs(
  platform: AuditJobsPlatform,
  signal: AbortSignal,
): Promise<void> {
  const { log, clock, locks, registry } = platform;
  const registers = [registry];
  const meters = {
    broken: new Gauge({
      name: "tod_audit_broken_chains",
      help: "Tenants whose audit chain was found broken: anything but 0 is an incident.",
      registers,
    }),
    rows: new Counter({
      name: "tod_audit_checked_rows_total",
      help: "Rows of audit chains read and found whole.",
      registers,
    }),
  };
  const failures = new Counter({
    name: "tod_audit_job_failures_total",
    help: "Runs of the audit check that failed; they are tried again.",
    registers,
  });
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      await using lease = await locks.acquire("audit-jobs", LOCK_MS);
      if (lease) await checkAll(platform, meters, signal, () => lease.renew(LOCK_MS));
      pauseMs = FIRST_PAUSE_MS;
      await clock.sleep(RUN_EVERY_MS, signal);
    } catch (error) {
      failures.inc();
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "the audit check failed: it runs again soon", { error, pauseMs });
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  }
}

async function checkAll(
  { db, clock, log }: AuditJobsPlatform,
  meters: { broken: Gauge; rows: Counter },
  signal: AbortSignal,
  keepGoing: () => Promise<boolean>,
): Promise<void> {
  let broken = 0;
  for (const tenantId of await listTenantIds(db)) {
    if (signal.aborted || !await keepGoing()) return;
    const { rows, checked, problem } = await checkChain(db, tenantId, { nowMs: clock.now() });
    meters.rows.inc(rows);
    const fields = { tenant: tenantId, seq: checked.seq, head: checked.hash };
    if (!problem) {
      if (rows > 0) log.info("the audit chain is whole", fields);
      continue;
    }
    broken += 1;
    log.error("the audit chain is broken: export it and compare with a kept head", {
      ...fields,
      brokenAt: problem.seq,
      reason: problem.reason,
    });
  }
  meters.broken.set(broken);
  const keepFrom = new Date(clock.now() - KEEP_READS_MS).toISOString();
  await db.system((sql) => sql`select system_prune_secret_reads(${keepFrom}::text::timestamptz)`);
}
