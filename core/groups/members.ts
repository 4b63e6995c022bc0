import { type Group, MemberChange } from "@/core/contract/groups.ts";
import { Conflict } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type GroupDeps, invalid, tellGroup } from "./groups.ts";
import { findGroup } from "./read_groups.ts";

/**
 * Adds chosen members and takes others away; ids that are not the tenant's are passed over.
 *
 * @throws {Conflict} for a group whose members a rule finds
 */
export async function changeMembers(
  scope: Scope,
  deps: GroupDeps,
  id: string,
  input: MemberChange,
): Promise<Group> {
  demand(scope, "groups:write");
  const parsed = MemberChange.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const { add, remove } = parsed.data;
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const group = await findGroup(sql, id);
    const [added, removed] = [
      await addMembers(sql, group, add),
      await removeMembers(sql, group, remove),
    ];
    await tellGroup(sql, scope, deps, group, "group.members_changed", {
      added: added.size,
      removed: removed.size,
    });
    return await findGroup(sql, id);
  });
}

type Chosen = Pick<Group, "id" | "name" | "rule">;

/** Answers those that were not in it. */
export async function addMembers(
  sql: Sql,
  group: Chosen,
  ids: readonly string[],
): Promise<Set<string>> {
  demandChosen(group);
  const rows = await sql<{ id: string }[]>`
    insert into device_group_members (tenant_id, group_id, device_id)
    select d.tenant_id, ${group.id}, d.id from devices d where d.id = any(${ids as string[]}::uuid[])
    on conflict do nothing returning device_id as id`;
  return new Set(rows.map(({ id }) => id));
}

/** Answers those that were in it. */
export async function removeMembers(
  sql: Sql,
  group: Chosen,
  ids: readonly string[],
): Promise<Set<string>> {
  demandChosen(group);
  const rows = await sql<{ id: string }[]>`
    delete from device_group_members
    where group_id = ${group.id} and device_id = any(${ids as string[]}::uuid[])
    returning device_id as id`;
  return new Set(rows.map(({ id }) => id));
}

function demandChosen({ name, rule }: Chosen): void {
  if (rule === null) return;
  throw new Conflict(`Cannot choose members of ${name}: its rule finds them, change the rule`);
}
