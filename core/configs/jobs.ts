import { Counter } from "prom-client";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import type { TenantId } from "@/core/scope.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { backUp, type BackupDeps, type BackupOrder } from "./back_up.ts";
import { spreadOf } from "./schedule.ts";

export type BackupPlatform = Pick<
  Platform,
  "config" | "log" | "clock" | "db" | "kms" | "rpc" | "registry"
>;

/** Of one process; a poller takes fewer and lets the rest wait. */
const AT_ONCE = 64;
/** Longer than one takes; a process that died gives its devices back after this. */
const LEASE_SECONDS = 300;
const LOOK_EVERY_MS = 5_000;
const PLAN_EVERY_MS = 60_000;
const MAX_PAUSE_MS = 60_000;
/** How long the end waits for those under way. */
const END_MS = 10_000;
/** Routers that came since the last look get their first backup within this. */
const FIRST_WITHIN_MS = 60_000;

/**
 * Backs up every device that is due, until `signal` aborts; what is under way has ten
 * seconds to end. Any number of
 * instances: a device that one has taken no other takes. A crash gives it back when its lease is over.
 */
export async function runBackupJobs(platform: BackupPlatform, signal: AbortSignal): Promise<void> {
  const { config, clock, log, db } = platform;
  const outcomes = new Counter({
    name: "tod_config_backups_total",
    help: "Backups of router configurations by how they went.",
    labelNames: ["outcome"] as const,
    registers: [platform.registry],
  });
  const deps: BackupDeps = { ...platform, backupHour: config.backups.hour };
  const running = new Set<Promise<void>>();
  let plannedMs = -Infinity;
  let pauseMs = 1_000;
  const one = async (order: BackupOrder) => {
    try {
      outcomes.inc({ outcome: (await backUp(deps, order)).outcome });
    } catch (error) {
      outcomes.inc({ outcome: "error" });
      log.warn("a backup broke off: it is taken again later", { deviceId: order.deviceId, error });
    }
  };
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
  while (!signal.aborted) {
    try {
      if (clock.now() - plannedMs >= PLAN_EVERY_MS) {
        for (const tenantId of await listTenantIds(db)) await planMissing(deps, tenantId);
        plannedMs = clock.now();
      }
      const free = AT_ONCE - running.size;
      const due = free > 0 ? await takeDue(deps, free) : [];
      for (const order of due) {
        const ended: Promise<void> = one(order).finally(() => running.delete(ended));
        running.add(ended);
      }
      pauseMs = 1_000;
      // With more waiting, the next begins as soon as one has ended.
      if (running.size >= AT_ONCE) await Promise.race([...running, aborted]);
      else await clock.sleep(LOOK_EVERY_MS, signal);
    } catch (error) {
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "the backup job failed: it runs again soon", { error, pauseMs });
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  }
  // A router may be silent for minutes: its lease gives it to the next who looks.
  const patience = new AbortController();
  await Promise.race([Promise.all(running), clock.sleep(END_MS, patience.signal)]);
  patience.abort();
}

/** Each polled device has its row; of those that are not polled any more there is none. */
export async function planMissing(
  { db, clock }: Pick<BackupDeps, "db" | "clock">,
  tenantId: TenantId,
): Promise<void> {
  await db.tenant(tenantId, async (sql) => {
    const missing = await sql<{ id: string }[]>`
      select d.id from devices d
      left join config_backups b on b.tenant_id = d.tenant_id and b.device_id = d.id
      where d.is_enabled and d.retired_at is null and b.device_id is null`;
    const nowMs = clock.now();
    for (let at = 0; at < missing.length; at += 1_000) {
      const rows = missing.slice(at, at + 1_000).map(({ id }) => ({
        ...{ tenant_id: tenantId, device_id: id },
        due_at: new Date(nowMs + spreadOf(id) * FIRST_WITHIN_MS),
      }));
      await sql`insert into config_backups ${sql(rows)} on conflict do nothing`;
    }
    await sql`
      delete from config_backups b using devices d
      where d.tenant_id = b.tenant_id and d.id = b.device_id
        and (not d.is_enabled or d.retired_at is not null)`;
  });
}

async function takeDue({ db }: BackupDeps, most: number): Promise<BackupOrder[]> {
  return await db.system((sql) =>
    sql<BackupOrder[]>`
      select tenant_id as "tenantId", device_id as "deviceId", trigger, actor
      from system_due_backups(${most}::int, ${LEASE_SECONDS}::int)`
  );
}
