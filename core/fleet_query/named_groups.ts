import { type DeviceFilter, parseDeviceQuery } from "@/core/contract/device_query.ts";
import { MAX_GROUP_DEPTH } from "@/core/contract/groups.ts";
import type { Sql } from "@/core/ports/db.ts";

/** A group as rules name it. */
export interface NamedGroup {
  id: string;
  name: string;
  /** `null`: its members are chosen. */
  rule: string | null;
}

export type NamedGroups = ReadonlyMap<string, NamedGroup>;

/** All groups of the tenant (they are few) by name in lower case. */
export async function readNamedGroups(sql: Sql): Promise<NamedGroups> {
  const rows = await sql<NamedGroup[]>`select id, name, rule from device_groups`;
  return new Map(rows.map((group) => [group.name.toLowerCase(), group]));
}

/** Names of the groups that a query names. */
export function groupsIn(filters: readonly DeviceFilter[]): string[] {
  return filters.filter(({ field }) => field === "group").map(({ value }) => value);
}

/** Why these groups cannot stand together: rules in a circle, or too many below each other. */
export function nestingProblem(groups: NamedGroups): string | undefined {
  const depths = new Map<string, number>();
  const path: string[] = [];
  const visit = (group: NamedGroup): string | undefined => {
    const key = group.name.toLowerCase();
    if (depths.has(key)) return undefined;
    path.push(group.name);
    const at = path.findIndex((name) => name.toLowerCase() === key);
    if (at < path.length - 1) return `goes in a circle: ${path.slice(at).join(" → ")}`;
    let depth = 1;
    for (const name of group.rule === null ? [] : namedBy(group.rule)) {
      const below = groups.get(name.toLowerCase());
      if (!below) continue;
      const problem = visit(below);
      if (problem) return problem;
      depth = Math.max(depth, 1 + depths.get(below.name.toLowerCase())!);
    }
    path.pop();
    depths.set(key, depth);
    return depth > MAX_GROUP_DEPTH
      ? `makes ${group.name} name groups ${depth} deep: ${MAX_GROUP_DEPTH} is the limit`
      : undefined;
  };
  for (const group of groups.values()) {
    const problem = visit(group);
    if (problem) return problem;
  }
  return undefined;
}

function namedBy(rule: string): string[] {
  return groupsIn(parseDeviceQuery(rule).filters);
}
