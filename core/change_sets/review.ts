import type { ReviewVerdict } from "@/core/contract/change_sets.ts";
import { Conflict, Forbidden } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { insertComment } from "./change_sets.ts";
import type { ChangeSetDeps } from "./deps.ts";
import { demandOpen, type LockedSet, lockSet, personOf } from "./rows.ts";
import { tellSet } from "./tell_set.ts";

type Told = Pick<ChangeSetDeps, "kms" | "clock">;

/** Tells those who may approve that it is ready. An edit takes it back. */
export async function askForReview(scope: Scope, deps: Told, id: string): Promise<void> {
  demand(scope, "configs:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, id);
    demandOpen(set);
    if (set.status === "reviewed") throw new Conflict("It is reviewed already");
    const [count] = await sql<{ n: number }[]>`
      select count(*)::int as n from change_set_changes where change_set_id = ${id}`;
    if (count!.n === 0) throw new Conflict("Cannot ask for a review as nothing waits in it");
    const now = new Date(deps.clock.now());
    await sql`update change_sets set review_asked_at = ${now}, updated_at = ${now} where id = ${id}`;
    await tellSet(sql, scope, deps, set, "change_set.review_asked");
  });
}

/**
 * Approves it as it is, or gives it back.
 *
 * @throws {Forbidden} to whoever had a hand in it, under whatever key
 * @throws {Conflict} if it is not what they looked at
 */
export async function reviewChangeSet(
  scope: Scope,
  deps: Told,
  id: string,
  { verdict, revision, text }: ReviewVerdict,
): Promise<void> {
  demand(scope, "configs:approve");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const set = await lockSet(sql, id);
    demandOpen(set);
    demandSameRevision(set, revision);
    if (set.writers.includes(await personOf(sql, scope.actor))) {
      throw new Forbidden("Cannot review this change set as you wrote in it: ask somebody else");
    }
    const now = new Date(deps.clock.now());
    if (verdict === "approve") {
      const [count] = await sql<{ n: number }[]>`
        select count(*)::int as n from change_set_changes where change_set_id = ${id}`;
      if (count!.n === 0) throw new Conflict("Cannot approve it as nothing waits in it");
      await sql`
        update change_sets set status = 'reviewed', reviewed_by = ${scope.actor},
          reviewed_at = ${now}, review_asked_at = null, updated_at = ${now} where id = ${id}`;
    } else {
      await sql`
        update change_sets set status = 'draft', reviewed_by = null, reviewed_at = null,
          review_asked_at = null, updated_at = ${now} where id = ${id}`;
    }
    if (text) await insertComment(sql, scope, deps, id, text);
    await tellSet(
      sql,
      scope,
      deps,
      set,
      verdict === "approve" ? "change_set.approved" : "change_set.rejected",
      { revision },
    );
  });
}

/** @throws {Conflict} */
export function demandSameRevision(set: LockedSet, revision: number): void {
  if (set.revision === revision) return;
  throw new Conflict("Cannot go on as somebody edited it meanwhile: look at it again");
}
