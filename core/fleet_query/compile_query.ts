import { type DeviceFilter, parseDeviceQuery } from "@/core/contract/device_query.ts";
import type { Sql } from "@/core/ports/db.ts";
import { filters, searches } from "./conditions.ts";
import { groupsIn, type NamedGroup, type NamedGroups, readNamedGroups } from "./named_groups.ts";

/** Rules put in place of group names, in one query: a bound on its size, far above what people write. */
const MAX_RULES = 60;

type Condition = ReturnType<typeof searches>;

/**
 * A query of the fleet (see `core/contract/device_query.ts`) as a condition on `deviceSources`, and what
 * of it was not understood. Retired routers fit only where the query asks for them.
 */
export async function compileQuery(sql: Sql, text: string) {
  const { filters } = parseDeviceQuery(text);
  const groups = groupsIn(filters).length > 0 ? await readNamedGroups(sql) : new Map();
  const { condition, problems } = compileWith(sql, groups, text);
  const inService = filters.some((filter) => asksForRetired(filter))
    ? sql`true`
    : sql`d.retired_at is null`;
  return {
    condition: sql`${inService} and ${condition}`,
    problems: [...problems, ...await unknownTags(sql, filters)],
  };
}

/** The members of one group, in service or not. */
export function compileGroup(sql: Sql, groups: NamedGroups, group: NamedGroup) {
  const budget = { rules: MAX_RULES, problems: [] };
  return { condition: membership(sql, groups, group, budget), problems: budget.problems };
}

/** A query whose groups were read before. */
function compileWith(sql: Sql, groups: NamedGroups, text: string) {
  const budget = { rules: MAX_RULES, problems: [] };
  return { condition: compileText(sql, groups, text, budget), problems: budget.problems };
}

interface Budget {
  rules: number;
  problems: string[];
}

function compileText(sql: Sql, groups: NamedGroups, text: string, budget: Budget): Condition {
  const query = parseDeviceQuery(text);
  budget.problems.push(...query.problems);
  const conditionOf = (filter: DeviceFilter) => {
    if (filter.field !== "group") return filters(sql, filter);
    const group = groups.get(filter.value.toLowerCase());
    if (group) return membership(sql, groups, group, budget);
    budget.problems.push(`There is no group ${filter.value}`);
    return sql`false`;
  };
  const conditions = [
    ...query.words.map((word) => searches(sql, word)),
    ...query.filters.map((filter) => signed(sql, filter, conditionOf(filter))),
  ];
  return conditions.reduce((all, one) => sql`${all} and ${one}`, sql`true`);
}

function membership(
  sql: Sql,
  groups: NamedGroups,
  group: NamedGroup,
  budget: Budget,
): Condition {
  if (group.rule === null) {
    return sql`d.id in (select m.device_id from device_group_members m where m.group_id = ${group.id})`;
  }
  // Saving refuses circles; should one stand all the same, it ends here.
  budget.rules -= 1;
  if (budget.rules < 0) {
    budget.problems.push("The groups name too many groups: simplify their rules");
    return sql`false`;
  }
  return sql`(${compileText(sql, groups, group.rule, budget)})`;
}

export function asksForRetired({ field, value, isNegated }: DeviceFilter): boolean {
  return field === "status" && value.toLowerCase() === "retired" && !isNegated;
}

/** With a minus: what is not known is left in. */
function signed(sql: Sql, { isNegated }: DeviceFilter, condition: Condition): Condition {
  return isNegated ? sql`(${condition}) is not true` : sql`(${condition})`;
}

/** A filter that fits nothing because of a slip must say so. */
export async function unknownTags(sql: Sql, all: readonly DeviceFilter[]): Promise<string[]> {
  const names = all.filter(({ field }) => field === "tag").map(({ value }) => value);
  if (names.length === 0) return [];
  const rows = await sql<{ name: string }[]>`
    select n.name from unnest(${names}::text[]) n (name)
    where not exists (select from tags t where lower(t.name) = lower(n.name))`;
  return rows.map(({ name }) => `There is no tag ${name}`);
}
