import { type ClientPage, type ClientSort } from "@/core/contract/clients.ts";
import { type ClientFilter, parseClientQuery } from "@/core/contract/client_query.ts";
import { decodeCursor, encodeCursor, type Place } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { clientColumns, type ClientRow, clientSources, toClient } from "./client_row.ts";
import { type Condition, conditionOf, type Finding } from "./search_clients.ts";

/** Sort columns with an index each, and what the text of a cursor's value looks like. */
const SORTS = {
  new: ["c.first_seen", "timestamptz", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/],
  name: ["c.name_key", "text", /^/],
  ip: ["c.ip_key", "inet", /^[0-9a-f.:]{2,45}(\/\d{1,3})?$/],
  mac: ["c.mac", "macaddr", /^[0-9a-f:]{17}$/],
} as const;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;
/** Counted up to here: a number past it helps nobody and costs a look at each row. */
const MAX_COUNT = 1_000;

export interface ListClientOptions {
  /** See `core/contract/client_query.ts`. */
  q?: string | undefined;
  sort?: ClientSort | undefined;
  order?: "asc" | "desc" | undefined;
  cursor?: string | undefined;
  limit: number;
  /** Now, ms since the epoch: who was seen shortly before is here. */
  nowMs: number;
  /** `false`: nobody looks at how many there are. */
  isCounted?: boolean;
}

/** One page of every device behind the tenant's routers. Managed routers themselves only if asked for. */
export async function listClients(scope: Scope, options: ListClientOptions): Promise<ClientPage> {
  demand(scope, "clients:read");
  const { q = "", sort = "new", order = sort === "new" ? "desc" : "asc", limit, nowMs } = options;
  const label = `${sort} ${order}`;
  const place = options.cursor === undefined
    ? undefined
    : decodePlace(options.cursor, label, SORTS[sort][2]);
  const { filters, problems } = parseClientQuery(q);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const finding = { tenantId: scope.tenantId, nowMs, problems };
    const where = await whereClients(sql, finding, filters);
    const [column, type] = SORTS[sort];
    const key = sql.unsafe(column);
    const direction = sql.unsafe(order);
    const beyond = sql.unsafe(order === "asc" ? ">" : "<");
    const after = place
      ? sql`and (${key}, c.mac) ${beyond} (${place.value}::text::${sql.unsafe(type)},
          ${place.id}::text::macaddr)`
      : sql``;
    // The page first, then what is beside it: fifty rows are joined and not all.
    const rows = await sql<(ClientRow & { place: string })[]>`
      select ${clientColumns(sql, nowMs)}, page.place
      from (select c.*, (${key})::text as place from clients c where ${where()} ${after}
        order by ${key} ${direction}, c.mac ${direction} limit ${limit + 1}) page
      join clients c on c.tenant_id = page.tenant_id and c.mac = page.mac
      ${clientSources(sql)}
      order by page.${sql.unsafe(column.slice(2))} ${direction}, page.mac ${direction}`;
    const total = options.isCounted === false ? 0 : await countClients(sql, where);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map(toClient),
      nextCursor: rows.length > limit && last
        ? encodeCursor({ sort: label, value: last.place, id: last.mac.toLowerCase() })
        : null,
      total: Math.min(total, MAX_COUNT),
      hasMore: total > MAX_COUNT,
      problems,
    };
  });
}

async function countClients(sql: Sql, where: Condition): Promise<number> {
  const [count] = await sql<{ total: number }[]>`
    select count(*)::int as total from (
      select from clients c where ${where()} order by c.first_seen desc limit ${
    MAX_COUNT + 1
  }) counted`;
  return count!.total;
}

/** A cursor made by hand must not reach a cast that fails. */
function decodePlace(cursor: string, label: string, form: RegExp): Place {
  const place = decodeCursor(cursor, label);
  if (MAC.test(place.id) && place.value !== null && form.test(place.value)) return place;
  throw new InvalidInput("Cannot continue this list", [
    { path: "cursor", message: "is no cursor of this list: start from the first page" },
  ]);
}

async function whereClients(
  sql: Sql,
  finding: Finding,
  filters: readonly ClientFilter[],
): Promise<Condition> {
  const wantsRouters = filters.some(({ field, value }) => field === "is" && value === "router");
  const conditions: Condition[] = [];
  for (const filter of filters) conditions.push(await conditionOf(sql, finding, filter));
  // The words of the partial indexes.
  const kind = wantsRouters ? sql`c.kind = 'router'` : sql`c.kind <> 'router'`;
  return () =>
    conditions.reduce(
      (all, condition) => sql`${all} and ${condition()}`,
      sql`c.tenant_id = ${finding.tenantId} and ${kind}`,
    );
}
