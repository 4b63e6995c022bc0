import type { Sql } from "@/core/ports/db.ts";

/**
 * What an actor is called: a name kept on purpose, else the user's or API key's own; null when nobody
 * knows (any more). `column` is the actor of the query's table.
 */
export function actorName(sql: Sql, table: "l" | "r") {
  const actor = sql`${sql(table)}.actor`;
  const tenant = sql`${sql(table)}.tenant_id`;
  const idOf = (kind: string) =>
    sql`case when ${actor} ~ ${`^${kind}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`}
      then substr(${actor}, ${kind.length + 2}::integer)::uuid end`;
  return sql`coalesce(
    (select n.label from audit_names n where n.tenant_id = ${tenant} and n.actor = ${actor}),
    (select u.name from users u where u.tenant_id = ${tenant} and u.id = ${idOf("user")}),
    (select k.name from api_keys k where k.tenant_id = ${tenant} and k.id = ${idOf("key")}))`;
}
