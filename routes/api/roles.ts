import { z } from "@hono/zod-openapi";
import { RESERVED_PERMISSIONS, ROLE_PERMISSIONS } from "@/core/auth/roles.ts";
import { CustomRole, NewRole } from "@/core/contract/users.ts";
import {
  createRole,
  deleteRole,
  listRoles,
  type RoleDeps,
  updateRole,
} from "@/core/roles/roles.ts";
import { PERMISSIONS } from "@/core/scope.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["roles"];
const Id = z.object({ id: z.uuid() });
const body = jsonBody(NewRole);
const Roles = z.object({
  /** The tenant's own. */
  items: z.array(CustomRole),
  builtIn: z.record(z.string(), z.array(z.string())),
  /** What a custom role or an API key can hold. */
  grantable: z.array(z.string()),
});

const list = apiRoute("users:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List roles and what they hold",
  responses: { 200: json(Roles, "Own and built-in roles"), ...COMMON_PROBLEMS },
});
const create = apiRoute("roles:write", {
  method: "post",
  path: "/",
  tags,
  summary: "Make a role",
  request: body,
  responses: { 201: json(CustomRole, "The role"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const update = apiRoute("roles:write", {
  method: "put",
  path: "/{id}",
  tags,
  summary: "Replace a role",
  description: "Takes effect with the next request of whoever has it.",
  request: { params: Id, ...body },
  responses: { 200: json(CustomRole, "The role"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const remove = apiRoute("roles:write", {
  method: "delete",
  path: "/{id}",
  tags,
  summary: "Delete a role",
  request: { params: Id },
  responses: {
    204: { description: "It is gone" },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});

/** `/api/roles`. */
export function rolesApi(deps: RoleDeps) {
  return apiModule()
    .openapi(list, async (c) => {
      const builtIn = Object.fromEntries(
        Object.entries(ROLE_PERMISSIONS).map(([name, held]) => [name, [...held]]),
      );
      const grantable = PERMISSIONS.filter((name) => !RESERVED_PERMISSIONS.has(name));
      return c.json({ items: await listRoles(c.var.scope), builtIn, grantable }, 200);
    })
    .openapi(
      create,
      async (c) => c.json(await createRole(c.var.scope, deps, c.req.valid("json")), 201),
    )
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateRole(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await deleteRole(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
