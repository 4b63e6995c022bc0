import {
  LOG_SEVERITIES,
  type LogLine,
  type LogReport,
  OWN_TOPIC,
  severityOf,
  type StoredLogLine,
} from "@/core/contract/device_logs.ts";
import type { FleetEvent } from "@/core/contract/events.ts";
import { tallyEvents } from "@/core/events/tally_events.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { readFinding, tallyOf, tellTally } from "./log_events.ts";

export interface WrittenLogs {
  /** Lines that were not stored before, by device, in order. */
  lines: Map<string, StoredLogLine[]>;
  events: FleetEvent[];
  /** Reports of devices that are not, or not any more, this tenant's. */
  unknown: LogReport[];
}

/**
 * Stores log lines of one tenant, and the events that they tell, in one transaction. What is delivered
 * again is neither stored nor counted twice.
 */
export async function writeLogs(
  db: Db,
  tenantId: TenantId,
  reports: readonly LogReport[],
): Promise<WrittenLogs> {
  return await db.tenant(tenantId, async (sql) => {
    const names = await readNames(sql, [...new Set(reports.map(({ deviceId }) => deviceId))]);
    const known = reports.filter(({ deviceId }) => names.has(deviceId));
    const rows = known.flatMap((report) =>
      withDrops(report).map((line) => ({ deviceId: report.deviceId, line }))
    );
    const fresh = await insertLines(sql, tenantId, rows);
    const findings = fresh.flatMap(({ deviceId, line }) => {
      const finding = line.isOwn ? undefined : readFinding(line);
      const device = { id: deviceId, name: names.get(deviceId)! };
      return finding ? [tallyOf(finding, line, device)] : [];
    });
    const events: FleetEvent[] = [];
    for (const [name, own] of Map.groupBy(findings, ({ deviceName }) => deviceName)) {
      events.push(...await tallyEvents(sql, tenantId, own, tellTally(name)));
    }
    const stored = fresh.map(({ deviceId, line }) =>
      toStored(deviceId, names.get(deviceId)!, line)
    );
    return {
      lines: Map.groupBy(stored, ({ deviceId }) => deviceId),
      events,
      unknown: reports.filter(({ deviceId }) => !names.has(deviceId)),
    };
  });
}

/** What was dropped is a line too: who reads the log must see that it has a hole. */
function withDrops({ at, n, lines, dropped }: LogReport): LogLine[] {
  if (dropped === 0) return lines;
  const message = dropped === 1
    ? "1 line was dropped: the router sends more than is taken"
    : `${dropped} lines were dropped: the router sends more than is taken`;
  const level = LOG_SEVERITIES.warning;
  return [...lines, { at, n, level, message, topics: [OWN_TOPIC], deviceTime: null }];
}

interface Row {
  deviceId: string;
  line: LogLine;
}

async function insertLines(sql: Sql, tenantId: TenantId, rows: readonly Row[]): Promise<Row[]> {
  if (rows.length === 0) return [];
  const column = <Value>(pick: (row: Row) => Value) => rows.map(pick);
  const inserted = await sql<{ position: number }[]>`
    with given as (
      select * from unnest(
        ${column(({ deviceId }) => deviceId)}::uuid[],
        ${column(({ line }) => line.at)}::text[]::timestamptz[],
        ${column(({ line }) => line.n)}::integer[],
        ${column(({ line }) => line.level)}::smallint[],
        ${column(({ line }) => line.topics.join(","))}::text[],
        ${column(({ line }) => storable(line.message))}::text[],
        ${column(({ line }) => line.deviceTime && storable(line.deviceTime)) as string[]}::text[]
      ) with ordinality as t (device_id, at, n, level, topics, message, device_time, position)
    ), inserted as (
      insert into device_logs (tenant_id, device_id, at, n, level, topics, message, device_time)
      select ${tenantId}::uuid, device_id, at, n, level,
        string_to_array(nullif(topics, ''), ','), message, device_time
      from given
      on conflict do nothing
      returning device_id, at, n
    )
    select position::int from given join inserted using (device_id, at, n) order by position`;
  const seen = new Set<string>();
  return inserted.map(({ position }) => rows[position - 1]!).filter(({ deviceId, line }) => {
    // The same line twice in one batch joins twice, and was stored once.
    const key = `${deviceId} ${line.at} ${line.n}`;
    return seen.size !== seen.add(key).size;
  });
}

function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

async function readNames(sql: Sql, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; name: string }[]>`
    select d.id, coalesce(d.name, nullif(l.identity, ''), d.address) as name
    from devices d left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    where d.id = any(${ids as string[]}::uuid[])`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** A line as it is listed; its id is its place in the log. */
export function toStored(deviceId: string, deviceName: string, line: LogLine): StoredLogLine {
  const { at, n, level, topics, message, deviceTime } = line;
  return {
    ...{ id: `${deviceId}.${Date.parse(at)}.${n}`, at, deviceId, deviceName, topics, message },
    ...{ severity: severityOf(level), deviceTime },
  };
}
