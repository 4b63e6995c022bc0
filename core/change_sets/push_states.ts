import type { PushState } from "@/core/contract/pushes.ts";
import type { Scope } from "@/core/scope.ts";

/** What did not come about can be tried again; what may still do so cannot. */
const AGAIN: readonly PushState[] = ["reverted", "failed"];

/** Whether a push has ended in a way that allows another of the same changes. */
export async function mayPushAgain(scope: Scope, pushId: string): Promise<boolean> {
  const [push] = await scope.db.tenant(
    scope.tenantId,
    (sql) => sql<{ state: PushState }[]>`select state from pushes where id = ${pushId}`,
  );
  return push === undefined || AGAIN.includes(push.state);
}
