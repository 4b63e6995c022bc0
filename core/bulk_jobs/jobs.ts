import { Counter, Gauge } from "prom-client";
import { subjects } from "@/core/subjects.ts";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import type { Db } from "@/core/ports/db.ts";
import { type DriveDeps, driveJob, LEASE_SECONDS, type TakenJob } from "./drive_job.ts";

export type JobPlatform =
  & Pick<Platform, "db" | "kms" | "bus" | "rpc" | "clock" | "log" | "registry">
  & Pick<DriveDeps, "pushItem" | "idleMs">;

/** Jobs that one process drives at a time; with more the rest wait, or another process takes them. */
const AT_ONCE = 8;
const LOOK_EVERY_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/**
 * Drives bulk jobs until `signal` aborts. Any number of instances: a job that one has taken no other
 * takes, and one whose driver died is taken when its lease is over.
 */
export async function runBulkJobs(platform: JobPlatform, signal: AbortSignal): Promise<void> {
  const { clock, log, db } = platform;
  const running = new Set<Promise<void>>();
  new Gauge({
    name: "tod_bulk_jobs_driven",
    help: "Jobs on many routers that this process drives now.",
    registers: [platform.registry],
    collect() {
      this.set(running.size);
    },
  });
  const outcomes = new Counter({
    name: "tod_bulk_routers_total",
    help: "Routers of jobs by what came of them: done, failed, unknown, pending (tried again).",
    labelNames: ["outcome"] as const,
    registers: [platform.registry],
  });
  const deps = { ...platform, count: (outcome: string) => outcomes.inc({ outcome }) };
  let wake = Promise.withResolvers<void>();
  const hearing = (async () => {
    const options = { capacity: 1, signal };
    for await (const _ of platform.bus.listen(subjects.everyBulkJobAct, options)) wake.resolve();
  })();
  let pauseMs = LOOK_EVERY_MS;
  while (!signal.aborted) {
    wake = Promise.withResolvers();
    try {
      const due = running.size < AT_ONCE ? await takeDue(db, AT_ONCE - running.size) : [];
      for (const job of due) {
        const ended: Promise<void> = driveJob(deps, job, signal)
          .catch((error) =>
            log.error("a bulk job broke off: it goes on when its lease is over", {
              ...{ jobId: job.jobId, error },
            })
          )
          .finally(() => running.delete(ended));
        running.add(ended);
      }
      pauseMs = LOOK_EVERY_MS;
    } catch (error) {
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "cannot look for bulk jobs: trying again soon", { error, pauseMs });
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
    await Promise.race([clock.sleep(pauseMs, signal), wake.promise]);
  }
  await Promise.all([...running, hearing]);
}

async function takeDue(db: Db, most: number): Promise<TakenJob[]> {
  return await db.system((sql) =>
    sql<TakenJob[]>`
      select tenant_id as "tenantId", job_id as "jobId", epoch::text
      from system_due_bulk_jobs(${most}::int, ${LEASE_SECONDS}::int)`
  );
}
