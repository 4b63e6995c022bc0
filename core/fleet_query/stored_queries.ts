import { namesInQuery, renameInQuery } from "@/core/contract/device_query.ts";
import { Conflict } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";

type Named = "group" | "tag";
/** Characters that the tables take. */
const MAX_STORED = 1_000;

/** Rules and kept views go on meaning what they meant when what they name gets another name. */
export async function renameInQueries(
  sql: Sql,
  field: Named,
  from: string,
  to: string,
): Promise<void> {
  if (from === to) return;
  for (const { id, name, rule } of await readRules(sql)) {
    const renamed = renameInQuery(rule, field, from, to);
    if (renamed.length > MAX_STORED) {
      throw new Conflict(
        `Cannot give it a name so long: the rule of ${name}, which names it, is full`,
      );
    }
    if (renamed !== rule) await sql`update device_groups set rule = ${renamed} where id = ${id}`;
  }
  const views = await sql<{ id: string; query: string }[]>`
    select id, query from fleet_views where position(lower(${from}) in lower(query)) > 0`;
  for (const { id, query } of views) {
    const renamed = renameInQuery(query, field, from, to);
    if (renamed !== query && renamed.length <= MAX_STORED) {
      await sql`update fleet_views set query = ${renamed} where id = ${id}`;
    }
  }
}

/** @throws {Conflict} while a rule names it: the rule would silently fit nothing */
export async function demandUnnamed(sql: Sql, field: Named, name: string): Promise<void> {
  const naming = (await readRules(sql)).filter(({ rule }) =>
    namesInQuery(rule, field).some((one) => one.toLowerCase() === name.toLowerCase())
  );
  if (naming.length === 0) return;
  const groups = naming.map((group) => group.name).slice(0, 3).join(", ");
  throw new Conflict(
    `Cannot remove ${name}: the rule of the ${
      naming.length === 1 ? "group" : "groups"
    } ${groups} names it, change the rule first`,
  );
}

async function readRules(sql: Sql) {
  return await sql<{ id: string; name: string; rule: string }[]>`
    select id, name, rule from device_groups where rule is not null order by lower(name)`;
}
