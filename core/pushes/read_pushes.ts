import { nameOf } from "@/core/actor_name.ts";
import type { LockoutRisk, PushState } from "@/core/contract/pushes.ts";
import type { Push, PushFilter, PushPage, PushSummary } from "@/core/contract/push_views.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { PushRecord } from "@/core/push/record.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { ConfigModel } from "./config_model.ts";
import { previewChanges } from "./preview_changes.ts";
import { printCommands } from "./print_commands.ts";
import { type PushRow, recordColumns, toRecord } from "./push_row.ts";
import { shownCommands } from "./shown_commands.ts";
import { readableRow } from "./read_router.ts";

export interface PushQuery {
  deviceId?: string | undefined;
  filter?: PushFilter | undefined;
  /** Part of the title or of the router's name. */
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

const SORT = "created";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Newest first. @throws {NotFound} for a device that is not the tenant's */
export async function listPushes(scope: Scope, query: PushQuery): Promise<PushPage> {
  demand(scope, "configs:read");
  const { deviceId, filter = "all", q = "", limit } = query;
  if (deviceId !== undefined) await demandDevice(scope, deviceId);
  const place = query.cursor === undefined ? undefined : decodeCursor(query.cursor, SORT);
  if (place && (!UUID.test(place.id) || Number.isNaN(Date.parse(place.value ?? "")))) {
    throw new InvalidInput("Cannot continue this list from this cursor");
  }
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const pattern = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
    const rows = await sql<(SummaryRow & { place: string })[]>`
      select ${summaryColumns(sql)}, p.created_at::text as place ${summarySource(sql)}
      where ${filterOf(sql, filter)}
        ${deviceId === undefined ? sql`` : sql`and p.device_id = ${deviceId}`}
        ${q === "" ? sql`` : sql`and (p.title ilike ${pattern} or ${named(sql)} ilike ${pattern})`}
        ${
      place
        ? sql`and (p.created_at, p.id) < (${place.value}::text::timestamptz, ${place.id}::text::uuid)`
        : sql``
    }
      order by p.created_at desc, p.id desc limit ${limit + 1}`;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(({ place: _, ...row }) => toSummary(row)),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: SORT, value: last.place, id: last.id })
        : null,
    };
  });
}

/** One push as a whole, its secrets hidden. @throws {NotFound} also for another tenant's */
export async function readPush(
  scope: Scope,
  { kms }: { kms: Kms },
  id: string,
): Promise<Push> {
  demand(scope, "configs:read");
  const found = await scope.db.tenant(scope.tenantId, async (sql) => {
    const [summary] = await sql<SummaryRow[]>`
      select ${summaryColumns(sql)} ${summarySource(sql)} where p.id = ${id}`;
    if (!summary) return undefined;
    const [row] = await sql<(PushRow & { risks: LockoutRisk[]; byName: string | null })[]>`
      select ${recordColumns(sql)}, risks,
        ${nameOf(sql, sql`tenant_id`, sql`decided_by`)} as "byName"
      from pushes where id = ${id}`;
    return { summary, row: row! };
  });
  if (!found) throw new NotFound("Cannot find this push");
  const { summary, row: { risks, byName, ...row } } = found;
  const record = await toRecord(kms, row);
  const { request, decision, timeline, foreign, plan } = record;
  return {
    ...toSummary(summary),
    ...{ windowSeconds: request.windowSeconds, probes: request.probes, risks },
    decision: decision && {
      ...{ action: decision.action, by: decision.actor ?? "system:pushes", byName },
      at: new Date(decision.at).toISOString(),
    },
    guard: plan?.net ?? null,
    timeline: timeline.map(({ at, state, text }) => ({
      ...{ at: new Date(at).toISOString(), state, text },
    })),
    changes: await changesOf(record),
    commandList: shownCommands(request.commands),
    script: printCommands(request.commands),
    foreign: [...foreign],
  };
}

/** Item by item against what the router held before, as far as that was read. */
async function changesOf({ request, evidence }: PushRecord): Promise<Push["changes"]> {
  if (!evidence) return [];
  const menus = evidence.before.map(({ menu, rows }) => [menu, rows.map(readableRow)] as const);
  const { changes } = await previewChanges(new ConfigModel(menus), request.commands);
  return changes;
}

type SummaryRow =
  & Omit<PushSummary, "createdAt" | "updatedAt" | "endedAt" | "confirmBy" | "source">
  & Record<"createdAt" | "updatedAt", Date>
  & Record<"endedAt" | "confirmBy", Date | null>
  & { sourceKind: PushSummary["source"]["kind"]; sourceId: string | null };

const named = (sql: Sql) => sql`coalesce(d.name, nullif(l.identity, ''), d.address)`;

function summaryColumns(sql: Sql) {
  return sql`p.id, p.device_id as "deviceId", ${named(sql)} as "deviceName", p.title,
    p.source_kind as "sourceKind", p.source_id as "sourceId", p.commands, p.state, p.tier, p.confirm,
    p.confirm_by as "confirmBy", p.reason, p.started_by as "startedBy",
    ${nameOf(sql, sql`p.tenant_id`, sql`p.started_by`)} as "startedByName",
    p.created_at as "createdAt", p.updated_at as "updatedAt", p.ended_at as "endedAt"`;
}

function summarySource(sql: Sql) {
  return sql`from pushes p
    join devices d on d.tenant_id = p.tenant_id and d.id = p.device_id
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id`;
}

function filterOf(sql: Sql, filter: PushFilter) {
  if (filter === "all") return sql`true`;
  if (filter === "open") return sql`p.ended_at is null`;
  if (filter === "waiting") {
    return sql`(p.ended_at is null and p.state = 'applied' and p.confirm = 'manual')`;
  }
  return sql`p.state = ${filter satisfies PushState}`;
}

function toSummary({ sourceKind, sourceId, ...row }: SummaryRow): PushSummary {
  const { createdAt, updatedAt, endedAt, confirmBy, ...rest } = row;
  return {
    ...rest,
    source: { kind: sourceKind, id: sourceId },
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    confirmBy: confirmBy?.toISOString() ?? null,
  };
}
