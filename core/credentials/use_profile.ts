import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";

/**
 * That a router may be given this profile by this caller. Who gives a router a profile could send its
 * password to an address of their choice: so the right to see profiles is needed for it.
 *
 * @throws {InvalidInput} if there is no such profile (any more)
 */
export async function demandProfile(sql: Sql, scope: Scope, profileId: string): Promise<void> {
  demand(scope, "credentials:read");
  // Locked, so that it cannot go before the router that uses it is there.
  const rows = await sql`select id from credential_profiles where id = ${profileId} for key share`;
  if (rows.length > 0) return;
  throw new InvalidInput("Cannot find this credential profile", [
    { path: "profileId", message: "is no profile of yours: choose one that there is" },
  ]);
}

/** The ids of profiles by lower-case name. */
export async function profileIds(sql: Sql): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; name: string }[]>`
    select id, lower(name) as name from credential_profiles`;
  return new Map(rows.map(({ id, name }) => [name, id]));
}
