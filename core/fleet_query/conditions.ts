import type { DeviceFilter } from "@/core/contract/device_query.ts";
import type { Sql } from "@/core/ports/db.ts";

/*
 * Conditions on the aliases of `deviceSources`: d for devices, l for device_latest, s for sites,
 * x for site_sectors, p for credential_profiles.
 */

/** A word of a query. */
export function searches(sql: Sql, word: string) {
  const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
  return sql`(d.name ilike ${pattern} or l.identity ilike ${pattern} or d.address ilike ${pattern}
    or l.model ilike ${pattern} or l.serial_number ilike ${pattern}
    or l.version ilike ${pattern} or s.path ilike ${pattern})`;
}

/** One filter of a query; those that name other things than the device itself are compiled apart. */
export function filters(sql: Sql, { field, operator, value, isExact }: DeviceFilter) {
  const compare = sql.unsafe(operator);
  switch (field) {
    case "status":
      if (value.toLowerCase() === "retired") return sql`d.retired_at is not null`;
      return value.toLowerCase() === "disabled"
        ? sql`not d.is_enabled`
        : sql`(coalesce(l.status, 'pending') = lower(${value}) and d.is_enabled)`;
    case "site":
      if (isExact) return sql`(lower(s.path) = lower(${value}) or s.id::text = lower(${value}))`;
      // By path, name or id, with everything that stands below.
      return sql`d.site_id in (
        select below.id from sites top join sites below on below.tenant_id = top.tenant_id
          and (below.id = top.id or starts_with(below.path, top.path || ' / '))
        where lower(top.path) = lower(${value}) or lower(top.name) = lower(${value})
          or top.id::text = lower(${value}))`;
    case "sector":
      return sql`lower(x.name) = lower(${value})`;
    case "profile":
      return sql`lower(p.name) = lower(${value})`;
    case "region":
      return sql`d.region = ${value}`;
    case "model":
      return sql`(lower(l.model) = lower(${value}) or lower(l.board_name) = lower(${value}))`;
    case "tls":
      return sql`d.tls_mode = lower(${value})`;
    case "version":
      // "7.16" means every 7.16.x; a comparison takes the whole version.
      return operator === "="
        ? sql`(l.version = ${value} or starts_with(l.version, ${value + "."}))`
        : sql`version_key(l.version) ${compare} version_key(${value})`;
    case "tag":
      return sql`d.id in (
        select dt.device_id from tags t
        join device_tags dt on dt.tenant_id = t.tenant_id and dt.tag_id = t.id
        where lower(t.name) = lower(${value}))`;
    case "group":
      throw new TypeError("Groups are compiled by compileQuery()");
    case "health":
      return /^\d{1,3}$/.test(value)
        ? sql`l.health_score ${compare} ${Number(value)}::int`
        : sql`false`;
    case "compliance":
      return /^\d{1,3}$/.test(value)
        ? sql`d.id in (select k.device_id from config_checks k
            where k.score ${compare} ${Number(value)}::int)`
        : sql`false`;
    case "drift": {
      const drifted = sql`d.id in (select k.device_id from config_checks k where k.drifted > 0)`;
      if (value.toLowerCase() === "yes") return drifted;
      return value.toLowerCase() === "no" ? sql`not ${drifted}` : sql`false`;
    }
  }
}
