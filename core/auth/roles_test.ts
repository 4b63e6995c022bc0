import { deepEqual, equal, throws } from "node:assert/strict";
import { Forbidden } from "@/core/errors.ts";
import { PERMISSIONS, type Scope } from "@/core/scope.ts";
import { BUILT_IN_ROLES, demandGrantable, permissionsOf, ROLE_PERMISSIONS } from "./roles.ts";

Deno.test("each role may all that the next lower one may", () => {
  const sets = BUILT_IN_ROLES.map((role) => new Set(ROLE_PERMISSIONS[role]));
  for (let i = 1; i < sets.length; i++) equal(sets[i]!.isSubsetOf(sets[i - 1]!), true);
  deepEqual([...sets[0]!], [...PERMISSIONS]);
});

Deno.test("a custom role holds neither what reaches beyond the tenant nor what is unknown", () => {
  const held = permissionsOf("custom", ["devices:read", "tenants:write", "no:such"]);
  deepEqual([...held], ["devices:read", "account:self"]);
});

Deno.test("demandGrantable() names what one does not hold oneself", () => {
  const scope = { permissions: permissionsOf("operator", []) } as Scope;
  demandGrantable(scope, ["devices:write"]);
  throws(() => demandGrantable(scope, ["users:write"]), Forbidden);
});
