import type {
  ItemState,
  Job,
  JobCounts,
  JobItem,
  JobKind,
  JobState,
  JobSummary,
  JobWave,
} from "@/core/contract/bulk_jobs.ts";
import { decodeCursor, encodeCursor } from "@/core/cursor.ts";
import { InvalidInput, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { cleanText } from "./clean_output.ts";
import {
  countColumns,
  countsOf,
  summaryColumns,
  type SummaryRow,
  summarySources,
  toSummary,
  total,
} from "./job_rows.ts";
import { openSpec } from "./job_spec.ts";

export interface JobQuery {
  state?: JobState | undefined;
  kind?: JobKind | undefined;
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

const SORT = "created desc";

/** Jobs of the tenant, newest first. */
export async function listJobs(
  scope: Scope,
  { state, kind, q, cursor, limit }: JobQuery,
): Promise<{ items: JobSummary[]; nextCursor: string | null }> {
  demand(scope, "configs:read");
  const place = cursor === undefined ? undefined : decodeCursor(cursor, SORT);
  if (place && !(Number.isFinite(Date.parse(place.value ?? "")) && UUID.test(place.id))) {
    throw new InvalidInput("Cannot continue this list", [
      { path: "cursor", message: "is no cursor of this list" },
    ]);
  }
  const pattern = q ? `%${q.replace(/[\\%_]/g, "\\$&")}%` : undefined;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const rows = await sql<SummaryRow[]>`
      select ${summaryColumns(sql)} from ${summarySources(sql)}
      where ${state ? sql`j.state = ${state}` : sql`true`}
        and ${kind ? sql`j.kind = ${kind}` : sql`true`}
        and ${pattern ? sql`j.title ilike ${pattern}` : sql`true`}
        and ${
      place
        ? sql`(j.created_at, j.id) < (${place.value}::text::timestamptz, ${place.id}::text::uuid)`
        : sql`true`
    }
      order by j.created_at desc, j.id desc limit ${limit + 1}`;
    const items = rows.slice(0, limit).map(toSummary);
    const last = items.at(-1);
    const nextCursor = rows.length > limit && last
      ? encodeCursor({ sort: SORT, value: last.createdAt, id: last.id })
      : null;
    return { items, nextCursor };
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface JobRow extends SummaryRow {
  plan: Job["plan"];
  query: string | null;
  wave: number;
  waves: number;
  nextWaveAt: Date | null;
  expiresAt: Date;
  timeoutSeconds: number;
  templateId: string | null;
  templateName: string | null;
  templateVersion: number | null;
  changeSetId: string | null;
  spec: Uint8Array;
}

/** A job with its waves. @throws {NotFound} also for another tenant's */
export async function getJob(scope: Scope, { kms }: { kms: Kms }, id: string): Promise<Job> {
  demand(scope, "configs:read");
  const { db, tenantId } = scope;
  const { row, waves, offline } = await db.tenant(tenantId, async (sql) => {
    const [row] = await sql<JobRow[]>`
      select ${summaryColumns(sql)}, j.plan, j.query, j.wave, j.waves,
        j.next_wave_at as "nextWaveAt", j.expires_at as "expiresAt",
        j.timeout_seconds as "timeoutSeconds", j.template_id as "templateId",
        j.template_name as "templateName", j.template_version as "templateVersion",
        j.change_set_id as "changeSetId", j.spec
      from ${summarySources(sql)} where j.id = ${id}`;
    if (!row) throw new NotFound("Cannot find this job");
    const waves = await sql<(JobCounts & { wave: number })[]>`
      select i.wave, ${countColumns(sql)} from bulk_job_items i
      where i.job_id = ${id} group by i.wave order by i.wave`;
    const [offline] = await sql<{ n: number }[]>`
      select count(*)::int as n from bulk_job_items i
      left join device_latest l on l.tenant_id = i.tenant_id and l.device_id = i.device_id
      where i.job_id = ${id} and i.state = 'pending' and l.status is distinct from 'online'`;
    return { row, waves, offline: offline!.n };
  });
  const { script } = await openSpec(kms, tenantId, id, row.spec);
  const { templateId, templateName, templateVersion } = row;
  return {
    ...toSummary(row),
    ...{ plan: row.plan, query: row.query, wave: row.wave, offline },
    waves: Array.from({ length: row.waves }, (_, at): JobWave => {
      const counts = countsOf(waves.find(({ wave }) => wave === at + 1) ?? NONE);
      return { routers: total(counts), counts };
    }),
    nextWaveAt: row.nextWaveAt?.toISOString() ?? null,
    expiresAt: row.expiresAt.toISOString(),
    script: script === undefined ? null : cleanText(script),
    timeoutSeconds: row.timeoutSeconds,
    template: templateName === null
      ? null
      : { id: templateId, name: templateName, version: templateVersion ?? 1 },
    changeSetId: row.changeSetId,
  };
}

const NONE: JobCounts = {
  ...{ pending: 0, running: 0, done: 0, failed: 0, unknown: 0, expired: 0, skipped: 0 },
};

export interface ItemQuery {
  state?: ItemState | undefined;
  wave?: number | undefined;
  /** The last position of the page before. */
  after?: number | undefined;
  limit: number;
}

/** What came of each router, in the order of the waves. */
export async function listJobItems(
  scope: Scope,
  id: string,
  query: ItemQuery,
): Promise<{ items: JobItem[]; nextAfter: number | null }> {
  demand(scope, "configs:read");
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await demandJob(sql, id);
    return await readItems(sql, id, query);
  });
}

export async function readItems(
  sql: Sql,
  id: string,
  { state, wave, after = 0, limit }: ItemQuery,
): Promise<{ items: JobItem[]; nextAfter: number | null }> {
  const rows = await sql<
    (Omit<JobItem, "startedAt" | "endedAt"> & { startedAt: Date | null; endedAt: Date | null })[]
  >`
    select i.position, i.device_id as "deviceId", i.device_name as "deviceName", i.wave, i.state,
      i.state = 'pending' and l.status is distinct from 'online' as "isOffline", i.tries, i.reason,
      i.output_id as "outputId", i.push_id as "pushId", i.started_at as "startedAt",
      i.ended_at as "endedAt"
    from bulk_job_items i
    left join device_latest l on l.tenant_id = i.tenant_id and l.device_id = i.device_id
    where i.job_id = ${id} and i.position > ${after}
      and ${state ? sql`i.state = ${state}` : sql`true`}
      and ${wave ? sql`i.wave = ${wave}` : sql`true`}
    order by i.position limit ${limit + 1}`;
  const items = rows.slice(0, limit).map((row) => ({
    ...row,
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  }));
  return { items, nextAfter: rows.length > limit ? items.at(-1)!.position : null };
}

/** @throws {NotFound} also for another tenant's, or one of another kind */
export async function demandJob(
  sql: Sql,
  id: string,
  kinds: readonly JobKind[] = ["command", "template", "change_set"],
): Promise<{ kind: JobKind; title: string; state: JobState }> {
  const [job] = await sql<{ kind: JobKind; title: string; state: JobState }[]>`
    select kind, title, state from bulk_jobs where id = ${id} and kind = any(${kinds as string[]}::text[])`;
  if (!job) throw new NotFound("Cannot find this job");
  return job;
}
