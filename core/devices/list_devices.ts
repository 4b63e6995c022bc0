import type { Device } from "@/core/contract/device.ts";
import { FLEET_SORTS, type FleetSort } from "@/core/contract/fleet_views.ts";
import { decodeCursor, encodeCursor, type Place } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import { compileQuery } from "@/core/fleet_query/compile_query.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { deviceColumns, type DeviceRow, deviceSources, toDevice } from "./device_row.ts";

/** Sort columns: the expression, and its type for the cursor's text to come back as. */
const SORTS = {
  name: ["lower(coalesce(d.name, nullif(l.identity, ''), d.address))", "text"],
  address: ["d.address", "text"],
  status: [
    "case coalesce(l.status, 'pending') when 'offline' then 0 when 'unknown' then 1 when 'pending' then 2 else 3 end",
    "integer",
  ],
  site: ["lower(s.path)", "text"],
  model: ["lower(l.model)", "text"],
  // Versions compare as numbers: 7.9 is before 7.16.
  version: ["version_key(l.version)", "integer[]"],
  cpu: ["l.cpu_percent", "real"],
  memory: ["l.memory_percent", "real"],
  temperature: ["l.temperature_c", "real"],
  rx: ["l.rx_bps", "bigint"],
  tx: ["l.tx_bps", "bigint"],
  clients: ["l.wireless_clients", "integer"],
  uptime: ["l.uptime_seconds", "bigint"],
  health: ["l.health_score", "smallint"],
  seen: ["l.sampled_at", "timestamptz"],
} as const satisfies Record<FleetSort, readonly [expression: string, type: string]>;

export type DeviceSort = FleetSort;
export const DEVICE_SORTS = FLEET_SORTS;

export interface ListOptions {
  /** See `core/contract/device_query.ts`. */
  q?: string | undefined;
  sort?: DeviceSort | undefined;
  order?: "asc" | "desc" | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface DevicePage {
  items: Device[];
  nextCursor: string | null;
  /** Devices that fit the query, on all pages. */
  total: number;
  problems: string[];
}

/** One page of the fleet. Sorting, filtering and paging happen in the database; unknown values last. */
export async function listDevices(scope: Scope, options: ListOptions): Promise<DevicePage> {
  demand(scope, "devices:read");
  const { q = "", sort = "name", order = "asc", cursor, limit } = options;
  const [expression, type] = SORTS[sort];
  const label = `${sort} ${order}`;
  const place = cursor === undefined ? undefined : decodePlace(cursor, label, type);

  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const key = sql.unsafe(expression);
    const { condition, problems } = await compileQuery(sql, q);
    const from = sql`
      from ${deviceSources(sql)}
      where d.tenant_id = ${scope.tenantId} and ${condition}`;
    const direction = sql.unsafe(order);
    const inOrder = sql`${key} is null, ${key} ${direction}, d.id ${direction}`;
    // Which ones first, by little more than the key: to sort whole rows takes three times as long.
    const [rows, [count]] = await Promise.all([
      sql<(DeviceRow & { place: string | null })[]>`
        with page as materialized (
          select d.id as page_id ${from}
          ${place ? sql`and ${after(sql, expression, type, order, place)}` : sql``}
          order by ${inOrder} limit ${limit + 1}
        )
        select ${deviceColumns(sql)}, (${key})::text as place
        from ${deviceSources(sql)}
        where d.tenant_id = ${scope.tenantId} and d.id in (select page_id from page)
        order by ${inOrder}`,
      sql<{ total: number }[]>`select count(*)::int as total ${from}`,
    ]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(({ place: _, ...row }) => toDevice(row)),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: label, value: last.place, id: last.id })
        : null,
      total: count!.total,
      problems,
    };
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What the text of a cursor's value must look like to be cast. */
const NUMBER = /^-?\d{1,19}(\.\d{1,17})?(e[+-]?\d{1,2})?$/;
const VALUE: Record<string, RegExp> = {
  text: /^/,
  integer: /^-?\d{1,9}$/,
  smallint: /^-?\d{1,4}$/,
  bigint: /^-?\d{1,18}$/,
  real: NUMBER,
  "integer[]": /^\{(\d{1,9}(,\d{1,9}){0,20})?\}$/,
  timestamptz: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/,
};

/** A cursor made by hand must not reach a cast that fails. */
function decodePlace(cursor: string, label: string, type: string): Place {
  const place = decodeCursor(cursor, label);
  const isSound = UUID.test(place.id) && (place.value === null || VALUE[type]!.test(place.value));
  if (isSound) return place;
  throw new InvalidInput("Cannot continue this list", [
    { path: "cursor", message: "is no cursor of this list: start from the first page" },
  ]);
}

/** Rows after a place in `is null, key, id` order: unknown keys come last in both directions. */
function after(
  sql: Sql,
  expression: string,
  type: string,
  order: "asc" | "desc",
  { value, id }: { value: string | null; id: string },
) {
  const key = sql.unsafe(expression);
  const beyond = sql.unsafe(order === "asc" ? ">" : "<");
  if (value === null) return sql`(${key} is null and d.id ${beyond} ${id}::text::uuid)`;
  const typed = sql`${value}::text::${sql.unsafe(type)}`;
  return sql`(${key} is null or ${key} ${beyond} ${typed}
              or (${key} = ${typed} and d.id ${beyond} ${id}::text::uuid))`;
}
