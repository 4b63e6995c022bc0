import { actorName } from "@/core/actor_name.ts";
import type { SecretReadPage, SecretReadRow } from "@/core/contract/transparency.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type ReadFilter, whereReads } from "./read_filter.ts";

export interface ReadQuery extends ReadFilter {
  cursor?: string | undefined;
  /** 1 to 1,000. */
  limit?: number | undefined;
}

interface StoredRead extends Omit<SecretReadRow, "bucket" | "firstAt" | "lastAt" | "count"> {
  bucket: Date;
  firstAt: Date;
  lastAt: Date;
  count: string;
}

const SORT = "-bucket";

/** Counted reads, newest hour or day first. @throws {InvalidInput} on a cursor that is none of ours */
export async function listReads(scope: Scope, query: ReadQuery = {}): Promise<SecretReadPage> {
  demand(scope, "transparency:read");
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 1_000);
  const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
  const rows = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<StoredRead[]>`
      select r.id::text, r.bucket, case r.purpose when 'poll' then 'day' else 'hour' end as span,
        r.actor, ${
        actorName(sql, "r")
      } as "actorName", r.purpose, r.secret, r.device_id as "deviceId",
        coalesce(d.name, l.identity, d.address) as "deviceName", r.count::text,
        r.first_at as "firstAt", r.last_at as "lastAt", r.last_request_id as "lastRequestId"
      from secret_reads r
      left join devices d on d.tenant_id = r.tenant_id and d.id = r.device_id
      left join device_latest l on l.tenant_id = r.tenant_id and l.device_id = r.device_id
      where r.tenant_id = ${scope.tenantId} ${whereReads(sql, query)}
        ${
        after
          ? sql`and (r.bucket, r.id) < (${after.at}::text::timestamptz, ${after.id}::text::bigint)`
          : sql``
      }
      order by r.bucket desc, r.id desc limit ${limit + 1}`,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({
      ...row,
      bucket: row.bucket.toISOString(),
      firstAt: row.firstAt.toISOString(),
      lastAt: row.lastAt.toISOString(),
      count: Number(row.count),
    })),
    nextCursor: rows.length > limit && last
      ? encodeCursor({ sort: SORT, value: last.bucket.toISOString(), id: last.id })
      : null,
  };
}

/** The last row of the page before; buckets are whole hours, so milliseconds lose nothing. */
function placeOf(cursor: string): { at: string; id: string } {
  const { value, id } = decodeCursor(cursor, SORT);
  const isPlace = value !== null && /^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)) && /^\d{1,18}$/.test(id);
  if (!isPlace) throw new InvalidInput("Cannot continue this list from this cursor");
  return { at: value, id };
}
