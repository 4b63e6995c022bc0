import type { Sql } from "@/core/ports/db.ts";

type Fragment = ReturnType<typeof actorColumn>;

/** What the actor of a row is called; see {@linkcode nameOf}. `table`: its alias in the query. */
export function actorName(sql: Sql, table: "l" | "r") {
  return nameOf(sql, sql`${sql(table)}.tenant_id`, actorColumn(sql, table));
}

function actorColumn(sql: Sql, table: "l" | "r") {
  return sql`${sql(table)}.actor`;
}

/**
 * What `user:<id>` or `key:<id>` is called: a name kept on purpose, else the user's or API key's own;
 * null when nobody knows (any more).
 */
export function nameOf(sql: Sql, tenant: Fragment, actor: Fragment) {
  const idOf = (kind: string) =>
    sql`case when ${actor} ~ ${`^${kind}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`}
      then substr(${actor}, ${kind.length + 2}::integer)::uuid end`;
  return sql`coalesce(
    (select n.label from audit_names n where n.tenant_id = ${tenant} and n.actor = ${actor}),
    (select u.name from users u where u.tenant_id = ${tenant} and u.id = ${idOf("user")}),
    (select k.name from api_keys k where k.tenant_id = ${tenant} and k.id = ${idOf("key")}))`;
}
