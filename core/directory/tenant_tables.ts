import { FIVE_MINUTE_TABLES, RAW_TABLES } from "@/core/metric_tables.ts";
import type { Sql } from "@/core/ports/db.ts";

/** A tenant table as an export reads it. */
export interface TenantTable {
  readonly name: string;
  /** What is given away, in the table's order. */
  readonly columns: readonly string[];
  /** Primary key columns and their SQL types: pages go along it. */
  readonly key: readonly { name: string; type: string }[];
}

/** Not in an export, each for its reason. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  // Nothing but secrets, or what only proves one.
  ...["tenant_keys", "tenant_secrets", "device_credentials", "one_time_links", "recovery_codes"],
  // Files that are ciphertext from end to end.
  "binary_backup_chunks",
  // Answers kept for repeated requests: a copy of what stands elsewhere, and tokens among it.
  "idempotency_keys",
  // The hour tier holds the same figures.
  ...RAW_TABLES,
  ...FIVE_MINUTE_TABLES,
]);

/**
 * Every tenant table that an export gives away, from the catalogue: a table that a later version adds is
 * in it by itself. Columns of bytes are ciphertexts, hashes and salts, and stay here.
 */
export async function exportedTables(sql: Sql): Promise<TenantTable[]> {
  const rows = await sql<TenantTable[]>`
    select c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and a.atttypid <> 'bytea'::regtype and a.attname <> 'tenant_id') as columns,
      (select jsonb_agg(jsonb_build_object('name', a.attname,
          'type', format_type(a.atttypid, a.atttypmod)) order by k.place)
        from pg_index i
        cross join lateral unnest(i.indkey::int[]) with ordinality as k (attnum, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
        where i.indrelid = c.oid and i.indisprimary and a.attname <> 'tenant_id') as key
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid
        and a.attname = 'tenant_id' and not a.attisdropped)
      and has_table_privilege(c.oid, 'select')
    order by c.relname`;
  return rows
    .filter(({ name }) => !LEFT_OUT.has(name))
    .map(({ name, columns, key }) => ({ name, columns: columns ?? [], key: key ?? [] }));
}
