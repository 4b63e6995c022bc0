import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";

/**
 * Puts a device into groups whose members are chosen.
 *
 * @throws {InvalidInput} if one of them is none of the tenant's, or has its members by rule
 */
export async function joinGroups(
  sql: Sql,
  scope: Scope,
  deviceId: string,
  groupIds: readonly string[],
): Promise<void> {
  if (groupIds.length === 0) return;
  demand(scope, "groups:write");
  const wanted = [...new Set(groupIds)];
  const joined = await sql`
    insert into device_group_members (tenant_id, group_id, device_id)
    select tenant_id, id, ${deviceId} from device_groups
    where id = any(${wanted}::uuid[]) and rule is null
    returning group_id`;
  if (joined.length === wanted.length) return;
  throw new InvalidInput("Cannot put it into these groups", [
    { path: "groups", message: "must be groups whose members are chosen" },
  ]);
}
