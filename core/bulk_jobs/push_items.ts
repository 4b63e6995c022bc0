import type { GivenValues } from "@/core/contract/templates.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { ItemResult } from "./finish_item.ts";
import type { BegunItem, JobHold } from "./step_job.ts";

export interface WantedPush {
  hold: JobHold;
  item: BegunItem;
  /** Whose rights the push has. */
  actor: string;
  given: GivenValues;
}

/** Pushes what a job is about to one router and waits for its end; `left`: stopped, the push goes on. */
export type PushItem = (wanted: WantedPush, signal: AbortSignal) => Promise<ItemResult | "left">;

/** The pushes that an earlier driver began: they go on by themselves, and are waited for again. */
export async function resumePushes(sql: Sql, jobId: string): Promise<BegunItem[]> {
  // Without a push there is nothing to wait for; whether one was begun just then is not known.
  await sql`
    update bulk_job_items set state = 'unknown', ended_at = now(),
      reason = 'The server stopped while it began the push: see the pushes of this router.'
    where job_id = ${jobId} and state = 'running' and push_id is null`;
  return await sql<BegunItem[]>`
    select i.position, i.device_id as "deviceId", i.tries, '' as region, '{}'::text[] as "ownNames",
      true as "hasHostKey", i.push_id as "pushId"
    from bulk_job_items i where i.job_id = ${jobId} and i.state = 'running' order by i.position`;
}
