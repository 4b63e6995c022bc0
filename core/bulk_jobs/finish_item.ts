import type { ItemState } from "@/core/contract/bulk_jobs.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { cleanOutput, digestsOf } from "./clean_output.ts";
import { sealOutput } from "./job_spec.ts";
import { type BegunItem, type JobHold, StaleDriver } from "./step_job.ts";

export interface ItemResult {
  /** `pending`: nothing was done, and it is tried again. */
  state: Extract<ItemState, "done" | "failed" | "unknown" | "pending">;
  reason: string | null;
  /** As the router printed it. */
  output?: { bytes: Uint8Array; isCut: boolean };
  /** With `pending`: not before this. */
  notBefore?: Date;
}

const MAX_REASON = 1_000;

/**
 * Stores what came of one router.
 *
 * @throws {StaleDriver} if somebody else drives the job by now: they said what is known of it
 */
export async function finishItem(
  { db, kms }: { db: Db; kms: Kms },
  tenantId: TenantId,
  hold: JobHold,
  item: BegunItem,
  result: ItemResult,
  now: Date,
): Promise<void> {
  const { jobId, epoch } = hold;
  const outputId = result.output
    ? await keepOutput({ db, kms }, tenantId, jobId, item, result.output)
    : null;
  const isOver = result.state !== "pending";
  await db.tenant(tenantId, async (sql) => {
    const stored = await sql`
      update bulk_job_items set state = ${result.state}, output_id = ${outputId},
        reason = ${result.reason?.replaceAll("\0", "").slice(0, MAX_REASON) ?? null},
        ended_at = ${isOver ? now : null}, not_before = ${result.notBefore ?? null}
      where job_id = ${jobId} and position = ${item.position} and state = 'running'
        and tries = ${item.tries} and exists (
          select from bulk_jobs where id = ${jobId} and epoch = ${epoch}::text::bigint)
      returning position`;
    if (stored.length === 0) throw new StaleDriver("another process drives this job");
  });
}

async function keepOutput(
  { db, kms }: { db: Db; kms: Kms },
  tenantId: TenantId,
  jobId: string,
  { ownNames }: BegunItem,
  { bytes, isCut }: { bytes: Uint8Array; isCut: boolean },
): Promise<string> {
  const text = cleanOutput(bytes);
  const { digest, groupDigest } = digestsOf(text, ownNames);
  const find = async (sql: Sql) =>
    (await sql<{ id: string }[]>`
      select id from bulk_outputs where job_id = ${jobId} and digest = ${digest}`)[0]?.id;
  const known = await db.tenant(tenantId, find);
  if (known) return known;
  const id = crypto.randomUUID();
  const row = {
    ...{ tenant_id: tenantId, id, job_id: jobId, digest, group_digest: groupDigest },
    ...{ ciphertext: await sealOutput(kms, tenantId, id, text), is_cut: isCut },
  };
  return await db.tenant(tenantId, async (sql) => {
    const [made] = await sql<{ id: string }[]>`
      insert into bulk_outputs ${sql(row)} on conflict (tenant_id, job_id, digest) do nothing
      returning id`;
    return made?.id ?? (await find(sql))!;
  });
}

/** What a driver that died left running: it may have been carried out, and is not tried again. */
export async function disownCommands(sql: Sql, jobId: string, now: Date): Promise<number> {
  const left = await sql`
    update bulk_job_items set state = 'unknown', ended_at = ${now},
      reason = 'The server that ran it stopped meanwhile: it may have been carried out.'
    where job_id = ${jobId} and state = 'running' returning position`;
  return left.length;
}
