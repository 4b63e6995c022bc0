import { recordEvents } from "@/core/events/events.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import type { Judged } from "./judge.ts";

export interface JudgedRouter {
  readonly deviceId: string;
  readonly name: string;
  readonly judged: readonly Judged[];
}

/**
 * Keeps what rules say of routers: what says the same as before is not written. Tells of critical and
 * high rules that passed and now fail.
 */
export async function storeResults(
  sql: Sql,
  tenantId: TenantId,
  routers: readonly JudgedRouter[],
  now: Date,
): Promise<void> {
  const ids = routers.map(({ deviceId }) => deviceId);
  const ruleIds = [...new Set(routers.flatMap(({ judged }) => judged.map(({ ruleId }) => ruleId)))];
  // A rule may be gone since it was read; one that is there stays until this transaction ends.
  const present = await sql<{ id: string }[]>`
    select id from compliance_rules where id = any(${ruleIds}::uuid[]) for key share`;
  const known = await sql<Known[]>`
    select device_id as "deviceId", rule_id as "ruleId", result, evidence,
      exception_id as "exceptionId"
    from compliance_results where device_id = any(${ids}::uuid[])`;
  const there = new Set(present.map(({ id }) => id));
  const before = new Map(known.map((row) => [keyOf(row), row]));
  const fresh = routers.flatMap(({ deviceId, judged }) =>
    judged.filter(({ ruleId }) => there.has(ruleId)).map((one) => ({ deviceId, ...one }))
  );
  const kept = new Set(fresh.map(keyOf));
  await remove(sql, known.filter((row) => !kept.has(keyOf(row))));
  const changed = fresh.filter((row) => {
    const old = before.get(keyOf(row));
    return !old || textOf(old) !== textOf(row);
  });
  await write(sql, tenantId, changed, now);
  const broken = changed.filter((row) =>
    row.result === "fail" && before.get(keyOf(row))?.result === "pass"
  );
  await tellBroken(sql, tenantId, routers, broken, now);
}

interface Known extends Pick<Judged, "ruleId" | "result" | "evidence" | "exceptionId"> {
  readonly deviceId: string;
}

const keyOf = ({ deviceId, ruleId }: Pick<Known, "deviceId" | "ruleId">) => `${deviceId} ${ruleId}`;

/** The same for the same, in whatever order the database keeps the parts. */
function textOf({ result, evidence, exceptionId }: Omit<Known, "deviceId" | "ruleId">): string {
  const parts = evidence.map(({ menu, line, item, message }) => [menu, line, item, message]);
  return JSON.stringify([result, exceptionId, parts]);
}

async function remove(sql: Sql, rows: readonly Known[]): Promise<void> {
  for (const [ruleId, of] of Map.groupBy(rows, ({ ruleId }) => ruleId)) {
    await sql`
      delete from compliance_results
      where rule_id = ${ruleId} and device_id = any(${of.map(({ deviceId }) => deviceId)}::uuid[])`;
  }
}

async function write(
  sql: Sql,
  tenantId: TenantId,
  rows: readonly Known[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into compliance_results as r
      (tenant_id, device_id, rule_id, result, evidence, exception_id, since)
    select ${tenantId}, t.*, ${now} from unnest(
      ${rows.map(({ deviceId }) => deviceId)}::uuid[], ${rows.map(({ ruleId }) => ruleId)}::uuid[],
      ${rows.map(({ result }) => result)}::text[],
      ${rows.map(({ evidence }) => JSON.stringify(evidence))}::text[]::jsonb[],
      ${rows.map(({ exceptionId }) => exceptionId) as string[]}::uuid[]) as t
    on conflict (tenant_id, device_id, rule_id) do update
      set result = excluded.result, evidence = excluded.evidence,
        exception_id = excluded.exception_id,
        since = case when r.result = excluded.result then r.since else excluded.since end`;
}

const NAMED = 4;

async function tellBroken(
  sql: Sql,
  tenantId: TenantId,
  routers: readonly JudgedRouter[],
  broken: readonly { deviceId: string; ruleId: string }[],
  now: Date,
): Promise<void> {
  const events = [];
  for (const [deviceId, rules] of Map.groupBy(broken, ({ deviceId }) => deviceId)) {
    const router = routers.find((one) => one.deviceId === deviceId)!;
    const ids = new Set(rules.map(({ ruleId }) => ruleId));
    const hard = router.judged.filter(({ ruleId, severity }) =>
      ids.has(ruleId) && (severity === "critical" || severity === "high")
    );
    if (hard.length === 0) continue;
    const named = hard.slice(0, NAMED).map(({ title }) => title).join(", ");
    const more = hard.length > NAMED ? ` and ${hard.length - NAMED} more` : "";
    events.push({
      ...{
        at: now.toISOString(),
        kind: "compliance.broken" as const,
        severity: "warning" as const,
      },
      ...{ deviceId, deviceName: router.name, data: { rules: hard.map(({ ruleId }) => ruleId) } },
      message: `${router.name} no longer holds: ${named}${more}`,
    });
  }
  await recordEvents(sql, tenantId, events);
}
