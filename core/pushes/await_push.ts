import { ENDED_PUSHES, type PushState } from "@/core/contract/pushes.ts";
import { NotFound } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { PushesDeps } from "./deps.ts";

const LOOK_EVERY_MS = 500;

/**
 * Waits until a push has ended, or nobody knows how it came out: for jobs that go from router to router.
 * Past `timeoutMs`, or when `signal` aborts, it answers how far it is; the push goes on.
 */
export async function awaitPush(
  scope: Scope,
  { clock }: Pick<PushesDeps, "clock">,
  id: string,
  { signal, timeoutMs }: { signal?: AbortSignal; timeoutMs: number },
): Promise<{ state: PushState; reason: string | null }> {
  demand(scope, "configs:push");
  const end = clock.monotonic() + timeoutMs;
  for (;;) {
    const [row] = await scope.db.tenant(
      scope.tenantId,
      (sql) =>
        sql<{ state: PushState; reason: string | null }[]>`
        select state, reason from pushes where id = ${id}`,
    );
    if (!row) throw new NotFound("Cannot find this push");
    const isOver = ENDED_PUSHES.includes(row.state) || row.state === "unknown";
    if (isOver || clock.monotonic() >= end || signal?.aborted) return row;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}
