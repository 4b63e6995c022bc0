import { type DeviceFilter, parseDeviceQuery } from "@/core/contract/device_query.ts";
import type { Sql } from "@/core/ports/db.ts";
import { filters, searches } from "./conditions.ts";

/**
 * A query of the fleet (see `core/contract/device_query.ts`) as a condition on `deviceSources`, and what
 * of it was not understood. Retired routers fit only where the query asks for them.
 */
export async function compileQuery(sql: Sql, text: string) {
  const query = parseDeviceQuery(text);
  const wantsRetired = query.filters.some((filter) => asksForRetired(filter));
  const conditions = [
    ...query.words.map((word) => searches(sql, word)),
    ...query.filters.map((filter) => signed(sql, filter, filters(sql, filter))),
  ];
  return {
    condition: conditions.reduce(
      (all, one) => sql`${all} and ${one}`,
      wantsRetired ? sql`true` : sql`d.retired_at is null`,
    ),
    problems: [...query.problems, ...await unknownTags(sql, query.filters)],
  };
}

export function asksForRetired({ field, value, isNegated }: DeviceFilter): boolean {
  return field === "status" && value.toLowerCase() === "retired" && !isNegated;
}

/** With a minus: what is not known is left in. */
function signed(sql: Sql, { isNegated }: DeviceFilter, condition: ReturnType<typeof filters>) {
  return isNegated ? sql`(${condition}) is not true` : sql`(${condition})`;
}

/** A filter that fits nothing because of a slip must say so. */
async function unknownTags(sql: Sql, all: readonly DeviceFilter[]): Promise<string[]> {
  const names = all.filter(({ field }) => field === "tag").map(({ value }) => value);
  if (names.length === 0) return [];
  const rows = await sql<{ name: string }[]>`
    select n.name from unnest(${names}::text[]) n (name)
    where not exists (select from tags t where lower(t.name) = lower(n.name))`;
  return rows.map(({ name }) => `There is no tag ${name}`);
}
