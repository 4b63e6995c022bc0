import { ENDED_PUSHES, type PushState } from "@/core/contract/pushes.ts";
import { PUSH_WORDS } from "@/core/contract/push_views.ts";
import { Conflict, NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { broadcastPush } from "./broadcast_push.ts";
import type { PushesDeps } from "./deps.ts";
import { auditPush } from "./tell_push.ts";

type DecideDeps = Pick<PushesDeps, "kms" | "bus" | "clock">;

const REVERTIBLE: readonly PushState[] = ["draft", "backed_up", "armed", "applied", "unknown"];

/**
 * Keeps a change that is applied. Who drives the push hears of it within a second.
 *
 * @throws {Conflict} if there is nothing to confirm (any more)
 */
export async function confirmPush(scope: Scope, deps: DecideDeps, id: string): Promise<void> {
  await decide(scope, deps, id, "confirm");
}

/** Takes a change back. @throws {Conflict} if it is confirmed, or over */
export async function revertPush(scope: Scope, deps: DecideDeps, id: string): Promise<void> {
  await decide(scope, deps, id, "revert");
}

/**
 * Gives up on a push whose outcome is not known and that nobody can find out: the router was replaced,
 * say. It stays unknown; another push of the router may begin.
 */
export async function closePush(scope: Scope, deps: DecideDeps, id: string): Promise<void> {
  demand(scope, "configs:push");
  const row = await scope.db.tenant(scope.tenantId, async (sql) => {
    const row = await lock(sql, id);
    if (row.state !== "unknown" || row.isEnded) {
      throw new Conflict("Cannot give up on this push: only one whose outcome is unknown");
    }
    await sql`
      update pushes set ended_at = now(), due_at = null, epoch = epoch + 1, leased_until = null,
        updated_at = now()
      where id = ${id}`;
    await auditPush(sql, scope, deps, row.deviceId, "push.closed", { push: id });
    return row;
  });
  broadcastPush(deps, scope.tenantId, { id, ...row });
}

async function decide(
  scope: Scope,
  deps: DecideDeps,
  id: string,
  action: "confirm" | "revert",
): Promise<void> {
  demand(scope, "configs:push");
  const row = await scope.db.tenant(scope.tenantId, async (sql) => {
    const row = await lock(sql, id);
    const { state, decision } = row;
    if (decision === action) return row; // asked for twice
    const isOpen = !row.isEnded && !ENDED_PUSHES.includes(state);
    const may = action === "confirm"
      ? state === "applied" && decision === null
      : REVERTIBLE.includes(state) && decision !== "confirm";
    if (!isOpen || !may) throw refusal(action, row);
    await sql`
      update pushes set decision = ${action}, decided_by = ${scope.actor},
        decided_at = ${new Date(deps.clock.now())}, due_at = now(), updated_at = now()
      where id = ${id}`;
    await auditPush(sql, scope, deps, row.deviceId, `push.${action}_asked`, { push: id, state });
    return row;
  });
  broadcastPush(deps, scope.tenantId, { id, ...row });
}

interface Locked {
  deviceId: string;
  state: PushState;
  decision: "confirm" | "revert" | null;
  isEnded: boolean;
}

async function lock(sql: Sql, id: string): Promise<Locked> {
  const [row] = await sql<Locked[]>`
    select device_id as "deviceId", state, decision, ended_at is not null as "isEnded"
    from pushes where id = ${id} for update`;
  if (!row) throw new NotFound("Cannot find this push");
  return row;
}

function refusal(action: "confirm" | "revert", { state, decision }: Locked): Conflict {
  const word = action === "confirm" ? "confirm" : "revert";
  if (decision) return new Conflict(`Cannot ${word} this push: somebody chose to ${decision} it`);
  return new Conflict(`Cannot ${word} this push: it is ${PUSH_WORDS[state].toLowerCase()}`);
}
