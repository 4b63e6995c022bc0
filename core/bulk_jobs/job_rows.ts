import { nameOf } from "@/core/actor_name.ts";
import type { JobCounts, JobSummary } from "@/core/contract/bulk_jobs.ts";
import type { Sql } from "@/core/ports/db.ts";

export type SummaryRow =
  & Omit<JobSummary, "createdAt" | "startAt" | "endedAt" | "counts" | "routers">
  & JobCounts
  & { createdAt: Date; startAt: Date | null; endedAt: Date | null };

/** Jobs as `j`, each with its routers counted by state. */
export function summaryColumns(sql: Sql) {
  return sql`j.id, j.title, j.kind, j.state, j.paused_why as "pausedWhy", j.actor,
    ${nameOf(sql, sql`j.tenant_id`, sql`j.actor`)} as "actorName",
    j.created_at as "createdAt", j.start_at as "startAt", j.ended_at as "endedAt",
    c.pending, c.running, c.done, c.failed, c.unknown, c.expired, c.skipped`;
}

export function summarySources(sql: Sql) {
  return sql`bulk_jobs j cross join lateral (
    select ${countColumns(sql)} from bulk_job_items i
    where i.tenant_id = j.tenant_id and i.job_id = j.id) c`;
}

export function countColumns(sql: Sql) {
  return sql`
    count(*) filter (where i.state = 'pending')::int as pending,
    count(*) filter (where i.state = 'running')::int as running,
    count(*) filter (where i.state = 'done')::int as done,
    count(*) filter (where i.state = 'failed')::int as failed,
    count(*) filter (where i.state = 'unknown')::int as unknown,
    count(*) filter (where i.state = 'expired')::int as expired,
    count(*) filter (where i.state = 'skipped')::int as skipped`;
}

export function countsOf(row: JobCounts): JobCounts {
  const { pending, running, done, failed, unknown, expired, skipped } = row;
  return { pending, running, done, failed, unknown, expired, skipped };
}

export function total(counts: JobCounts): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0);
}

export function toSummary(row: SummaryRow): JobSummary {
  const { id, title, kind, state, pausedWhy, actor, actorName } = row;
  const counts = countsOf(row);
  return {
    ...{ id, title, kind, state, pausedWhy, actor, actorName, counts, routers: total(counts) },
    createdAt: row.createdAt.toISOString(),
    startAt: row.startAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}
