import { deviceName } from "@/core/configs/tell_device.ts";
import { recordEvents } from "@/core/events/events.ts";
import { nextDue, spreadOf } from "@/core/configs/schedule.ts";
import type { BinaryOutcome } from "@/core/contract/binary_backups.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import type { BinaryDeps, BinaryOrderFor } from "./take_binary.ts";

/** Longer than a text, a save, a transfer and the waiting between. */
export const LEASE_SECONDS = 900;
const DAY_MS = 86_400_000;
/** A fleet that begins with full backups does so within this. */
const FIRST_WITHIN_MS = 3_600_000;

type Db = Pick<BinaryDeps, "db" | "clock">;

/** Each polled router of a tenant that wants them has its turn; of the others none is planned. */
export async function planBinaries({ db, clock }: Db, tenantId: TenantId): Promise<void> {
  await db.tenant(tenantId, async (sql) => {
    const schedule = await scheduleOf(sql);
    if (schedule === null) {
      await sql`
        update binary_backup_jobs set due_at = null, failures = 0
        where trigger = 'scheduled' and due_at is not null and leased_until is null`;
    } else {
      const missing = await sql<{ id: string }[]>`
        select d.id from devices d
        left join binary_backup_jobs b on b.tenant_id = d.tenant_id and b.device_id = d.id
        where d.is_enabled and d.retired_at is null and b.due_at is null`;
      const nowMs = clock.now();
      for (let at = 0; at < missing.length; at += 1_000) {
        const rows = missing.slice(at, at + 1_000).map(({ id }) => ({
          ...{ tenant_id: tenantId, device_id: id },
          due_at: new Date(nowMs + spreadOf(id) * FIRST_WITHIN_MS),
        }));
        await sql`
          insert into binary_backup_jobs ${sql(rows)}
          on conflict (tenant_id, device_id) do update set due_at = excluded.due_at
            where binary_backup_jobs.due_at is null`;
      }
    }
    await sql`
      update binary_backup_jobs b set due_at = null from devices d
      where d.tenant_id = b.tenant_id and d.id = b.device_id and b.due_at is not null
        and (not d.is_enabled or d.retired_at is not null)`;
  });
}

export async function takeDueBinaries(
  { db }: Pick<BinaryDeps, "db">,
  most: number,
): Promise<BinaryOrderFor[]> {
  const rows = await db.system((sql) =>
    sql<Omit<BinaryOrderFor, "isForced">[]>`
      select tenant_id as "tenantId", device_id as "deviceId", trigger, actor
      from system_due_binary_backups(${most}::int, ${LEASE_SECONDS}::int)`
  );
  return rows.map((row) => ({ ...row, isForced: false }));
}

/** For who takes one out of turn; `false`: somebody else is at it. */
export async function claimBinary(
  { db, clock }: Db,
  tenantId: TenantId,
  deviceId: string,
): Promise<boolean> {
  const now = clock.now();
  const until = new Date(now + LEASE_SECONDS * 1_000);
  const claimed = await db.tenant(tenantId, (sql) =>
    sql`
      insert into binary_backup_jobs (tenant_id, device_id, leased_until)
      values (${tenantId}, ${deviceId}, ${until})
      on conflict (tenant_id, device_id) do update set leased_until = excluded.leased_until
        where binary_backup_jobs.leased_until is null
          or binary_backup_jobs.leased_until < ${new Date(now)}
      returning device_id`);
  return claimed.length > 0;
}

/** How it went, and when the next is due; `undefined`: it broke off and is taken again soon. */
export async function noteBinary(
  { db, clock, backupHour }: BinaryDeps,
  { tenantId, deviceId }: Pick<BinaryOrderFor, "tenantId" | "deviceId">,
  outcome: BinaryOutcome | undefined,
  alongside: (sql: Sql) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const nowMs = clock.now();
  await db.tenant(tenantId, async (sql) => {
    const [before] = await sql<{ failures: number }[]>`
      select failures from binary_backup_jobs where device_id = ${deviceId}`;
    const hasFailed = outcome === undefined || outcome.outcome === "failed";
    const failures = hasFailed ? (before?.failures ?? 0) + 1 : 0;
    const schedule = await scheduleOf(sql);
    const due = nextDue(nowMs, deviceId, { backupHour, failures });
    const wait = schedule === "weekly" && !hasFailed ? 6 * DAY_MS : 0;
    const row = {
      ...{ tried_at: new Date(nowMs), failures, leased_until: null, trigger: "scheduled" },
      ...{ due_at: schedule === null ? null : new Date(due + wait), actor: "system:backups" },
      reason: outcome?.outcome === "failed" ? outcome.reason : null,
      detail: outcome === undefined
        ? "It broke off: the log of the api role says why."
        : outcome.outcome === "failed"
        ? outcome.detail.slice(0, 500)
        : null,
      ...(!hasFailed && { succeeded_at: new Date(nowMs) }),
    };
    await sql`update binary_backup_jobs set ${sql(row)} where device_id = ${deviceId}`;
    // Once: what goes on failing stands with the rules.
    if (failures === 3) {
      const name = await deviceName(sql, deviceId) ?? deviceId;
      await recordEvents(sql, tenantId, [{
        ...{ at: new Date(nowMs).toISOString(), kind: "config.backup_failed" as const },
        ...{ severity: "warning" as const, deviceId, deviceName: name },
        message: `${name}: no full backup. ${row.detail}`,
      }]);
    }
    await alongside(sql);
  });
}

/** `null`: off. */
export async function scheduleOf(sql: Sql): Promise<"weekly" | "daily" | null> {
  const [policy] = await sql<{ schedule: "weekly" | "daily" | null }[]>`
    select binary_schedule as schedule from config_policies`;
  return policy?.schedule ?? null;
}
