import { EVENT_KINDS, eventGroupOf } from "@/core/contract/events.ts";
import type { Sql } from "@/core/ports/db.ts";

/** The condition for any of `wanted`: a kind, or a group with all that belongs to it. */
export function ofKinds(sql: Sql, wanted: readonly string[]) {
  const groups = wanted.filter((name) => !name.includes("."));
  const kinds = [
    ...wanted.filter((name) => name.includes(".")),
    ...EVENT_KINDS.filter((kind) => groups.includes(eventGroupOf(kind))),
  ];
  // Kinds that a later version wrote belong to the group that their first part names.
  return sql`(kind = any(${kinds}::text[]) or (split_part(kind, '.', 1) = any(${groups}::text[])
    and kind <> all(${[...EVENT_KINDS]}::text[])))`;
}
