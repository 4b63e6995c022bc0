import { MAX_BULK } from "@/core/contract/bulk.ts";
import { deviceSources } from "@/core/devices/device_row.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import { compileQuery } from "@/core/fleet_query/compile_query.ts";
import type { Sql } from "@/core/ports/db.ts";

export interface ChosenRouter {
  id: string;
  name: string;
  isOnline: boolean;
  /** Why it is not asked at all; `null`: it is. */
  problem: string | null;
}

export interface Targets {
  ids?: string[] | undefined;
  q?: string | undefined;
  expected?: number | undefined;
}

/**
 * The routers of a job in the order of its waves: those that are online first, so that a canary answers.
 *
 * @throws {Conflict} if other routers fit the query by now than somebody saw
 */
export async function chooseRouters(
  sql: Sql,
  { ids, q, expected }: Targets,
): Promise<ChosenRouter[]> {
  const { condition, problems } = q === undefined
    ? { condition: sql`d.id = any(${ids!}::uuid[])`, problems: [] }
    : await compileQuery(sql, q);
  if (problems.length > 0) {
    throw new InvalidInput(
      "Cannot tell which routers are meant",
      problems.map((message) => ({ path: "q", message })),
    );
  }
  const rows = await sql<(ChosenRouter & { isEnabled: boolean; isRetired: boolean })[]>`
    select d.id, coalesce(d.name, nullif(l.identity, ''), d.address) as name,
      coalesce(l.status = 'online', false) as "isOnline", d.is_enabled as "isEnabled",
      d.retired_at is not null as "isRetired"
    from ${deviceSources(sql)} where ${condition}
    order by coalesce(l.status = 'online', false) desc,
      lower(coalesce(d.name, nullif(l.identity, ''), d.address)), d.id
    limit ${MAX_BULK + 1}`;
  if (rows.length > MAX_BULK) {
    throw new InvalidInput("Cannot take so many routers at once", [
      { path: "q", message: `${MAX_BULK} is the limit of one job: narrow the search` },
    ]);
  }
  if (rows.length === 0) {
    throw new InvalidInput("Cannot make this job", [
      { path: q === undefined ? "ids" : "q", message: "fits no router" },
    ]);
  }
  if (expected !== undefined && expected !== rows.length) {
    throw new Conflict(
      `Cannot make this job: ${rows.length} routers fit the search by now, not ${expected}. ` +
        "Look at the list again, then repeat it",
    );
  }
  return rows.map(({ isEnabled, isRetired, ...router }) => ({
    ...router,
    problem: isRetired ? "It is retired." : isEnabled ? null : "It is not polled.",
  }));
}
