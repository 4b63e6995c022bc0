import { recordAudit } from "@/core/audit/record.ts";
import {
  BulkRequest,
  type BulkResult,
  type BulkSummary,
  changeInWords,
  MAX_BULK,
} from "@/core/contract/bulk.ts";
import { announceChange } from "@/core/devices/changes.ts";
import { deviceSources } from "@/core/devices/device_row.ts";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import { recordEvents } from "@/core/events/events.ts";
import { compileQuery } from "@/core/fleet_query/compile_query.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type Applied, applyChange, type Target } from "./apply_change.ts";
import { keepResults, type ResultRow } from "./results.ts";

type Parsed = ReturnType<typeof BulkRequest["parse"]>;

/** What a poller must hear of; the rest is for people alone. */
const POLLED: ReadonlySet<string> = new Set(["region", "interval", "polling", "retire", "restore"]);
/** Ids that the audit entry names, beside how many there were. */
const NAMED = 200;

/**
 * One change to many routers: whole or not at all, except for those that it is refused for, each with
 * its reason. Pollers hear of it within a second; the audit log holds it as one entry.
 *
 * @throws {Conflict} if other routers fit the query by now than somebody saw
 */
export async function changeDevices(
  scope: Scope,
  deps: DeviceDeps,
  input: BulkRequest,
): Promise<BulkSummary> {
  demand(scope, "devices:write");
  const parsed = BulkRequest.safeParse(input);
  if (!parsed.success) {
    throw new InvalidInput(
      "Cannot change these routers",
      parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    );
  }
  const { change } = parsed.data;
  const { db, tenantId } = scope;
  const [summary, targets, applied] = await db.tenant(tenantId, async (sql) => {
    const targets = await choose(sql, parsed.data);
    const applied = await applyChange(sql, scope, deps, targets, change);
    const rows = resultsOf(parsed.data, targets, applied);
    const summary = await keepResults(sql, scope, deps, parsed.data, rows);
    await tell(sql, scope, deps, summary, applied);
    return [summary, targets, applied] as const;
  });
  if (!POLLED.has(change.action)) return summary;
  for (const { id: deviceId, region } of targets) {
    if (!applied.changed.has(deviceId)) continue;
    const now = change.action === "region" ? change.region : region;
    announceChange(deps.bus, now, { tenantId, deviceId, change: "upsert" });
    if (now !== region) announceChange(deps.bus, region, { tenantId, deviceId, change: "removed" });
  }
  return summary;
}

/** Locked, so that nobody changes them in between; always in the same order. */
async function choose(sql: Sql, { ids, q, expected }: Parsed): Promise<Target[]> {
  const { condition, problems } = q === undefined
    ? { condition: sql`d.id = any(${ids!}::uuid[])`, problems: [] }
    : await compileQuery(sql, q);
  if (problems.length > 0) {
    throw new InvalidInput(
      "Cannot tell which routers are meant",
      problems.map((message) => ({ path: "q", message })),
    );
  }
  const targets = await sql<Target[]>`
    select d.id, coalesce(d.name, nullif(l.identity, ''), d.address) as name, d.region,
      d.retired_at is not null as "isRetired"
    from ${deviceSources(sql)} where ${condition} order by d.id limit ${MAX_BULK + 1}
    for update of d`;
  if (targets.length > MAX_BULK) {
    throw new InvalidInput("Cannot change so many routers at once", [
      { path: "q", message: `${MAX_BULK} is the limit of one change: narrow the search` },
    ]);
  }
  if (expected !== undefined && expected !== targets.length) {
    throw new Conflict(
      `Cannot change these routers: ${targets.length} fit the search by now, not ${expected}. ` +
        "Look at the list again, then repeat it",
    );
  }
  return targets;
}

function resultsOf(
  { ids }: Parsed,
  targets: readonly Target[],
  { changed, refused }: Applied,
): ResultRow[] {
  const rows = targets.map(({ id, name }): ResultRow => {
    const reason = refused.get(id) ?? null;
    const result: BulkResult = changed.has(id) ? "changed" : reason ? "refused" : "unchanged";
    return { deviceId: id, deviceName: name, result, reason };
  });
  const known = new Set(targets.map(({ id }) => id));
  const gone = [...new Set(ids ?? [])].filter((id) => !known.has(id));
  return [
    ...rows,
    ...gone.map((id): ResultRow => ({
      ...{ deviceId: id, deviceName: id, result: "refused" },
      reason: "there is no such router (any more)",
    })),
  ];
}

/** One event for people, one entry for the audit log; the last step of the transaction. */
async function tell(
  sql: Sql,
  scope: Scope,
  { clock, kms }: DeviceDeps,
  { id, change, query, changed, unchanged, refused }: BulkSummary,
  applied: Applied,
): Promise<void> {
  const at = new Date(clock.now());
  if (changed > 0) {
    const routers = changed === 1 ? "1 router was" : `${changed} routers were`;
    await recordEvents(sql, scope.tenantId, [{
      ...{ at: at.toISOString(), severity: "info", deviceId: null, deviceName: null },
      kind: change.action === "retire"
        ? "device.retired"
        : change.action === "restore"
        ? "device.restored"
        : "device.changed",
      message: `${routers} changed at once: ${changeInWords(change)}`,
    }]);
  }
  await recordAudit(sql, kms, scope.tenantId, {
    ...{ at, actor: scope.actor, action: "device.bulk_changed", outcome: "ok" },
    target: { kind: "bulk", id, label: changeInWords(change) },
    details: {
      ...{ change, query, changed, unchanged, refused },
      devices: [...applied.changed].slice(0, NAMED),
    },
    ...{ requestId: scope.requestId, ip: scope.ip },
  });
}
