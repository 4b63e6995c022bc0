import { z } from "@hono/zod-openapi";
import {
  NewTenant,
  Tenant,
  TenantConfirmation,
  TenantPatch,
  TenantSettings,
  TenantSettingsPatch,
} from "@/core/contract/tenants.ts";
import { IssuedLink } from "@/core/contract/users.ts";
import { cancelDeletion, deleteTenant, requestDeletion } from "@/core/directory/delete_tenant.ts";
import { exportTenant } from "@/core/directory/export_tenant.ts";
import { listTenants } from "@/core/directory/find_tenant.ts";
import {
  createTenant,
  getSettings,
  saveSettings,
  type TenantDeps,
  updateTenant,
} from "@/core/directory/tenants.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NO_CONTENT,
  NOT_FOUND,
} from "../http/api_route.ts";
import { download } from "../http/download.ts";

const Id = z.object({ id: z.uuid() });

const list = apiRoute("tenants:read", {
  method: "get",
  path: "/tenants",
  tags: ["tenants"],
  summary: "List every tenant",
  responses: { 200: json(z.object({ items: z.array(Tenant) }), "By name"), ...COMMON_PROBLEMS },
});
const create = apiRoute("tenants:write", {
  method: "post",
  path: "/tenants",
  tags: ["tenants"],
  summary: "Make a tenant",
  description: "And invite its first administrator: the link's token is in this answer alone.",
  request: jsonBody(NewTenant),
  responses: {
    201: json(z.object({ tenant: Tenant, link: IssuedLink }), "The tenant and the invitation"),
    ...COMMON_PROBLEMS,
    ...CONFLICT,
  },
});
const update = apiRoute("tenants:write", {
  method: "patch",
  path: "/tenants/{id}",
  tags: ["tenants"],
  summary: "Change, suspend or resume a tenant",
  request: { params: Id, ...jsonBody(TenantPatch) },
  responses: { 200: json(Tenant, "The tenant"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const requested = apiRoute("tenants:write", {
  method: "post",
  path: "/tenants/{id}/deletion",
  tags: ["tenants"],
  summary: "Ask for the deletion of a tenant",
  description:
    "First of two steps: suspends it. A day later, and after an export, DELETE does the second.",
  request: { params: Id, ...jsonBody(TenantConfirmation) },
  responses: { 200: json(Tenant, "The tenant"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const cancelled = apiRoute("tenants:write", {
  method: "delete",
  path: "/tenants/{id}/deletion",
  tags: ["tenants"],
  summary: "Keep a tenant after all",
  description: "It stays suspended until it is resumed.",
  request: { params: Id },
  responses: { 200: json(Tenant, "The tenant"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const exported = apiRoute("tenants:write", {
  method: "get",
  path: "/tenants/{id}/export",
  tags: ["tenants"],
  summary: "Export a tenant's data",
  description: "JSON Lines, a row a line, without secrets. Whole when its last line is there.",
  request: { params: Id },
  responses: {
    200: { description: "The file", content: { "application/jsonl": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const deleted = apiRoute("tenants:write", {
  method: "delete",
  path: "/tenants/{id}",
  tags: ["tenants"],
  summary: "Delete a tenant for good",
  description: "Destroys its key, then every row. `slug` confirms which.",
  request: { params: Id, query: TenantConfirmation },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const readSettings = apiRoute("settings:read", {
  method: "get",
  path: "/settings",
  tags: ["settings"],
  summary: "Read the organisation's settings",
  responses: { 200: json(TenantSettings, "The settings"), ...COMMON_PROBLEMS },
});
const writeSettings = apiRoute("settings:write", {
  method: "put",
  path: "/settings",
  tags: ["settings"],
  summary: "Change the organisation's settings",
  description: "What is absent stays.",
  request: jsonBody(TenantSettingsPatch),
  responses: { 200: json(TenantSettings, "The settings"), ...COMMON_PROBLEMS },
});

/** `/api/tenants` and `/api/settings`. */
export function tenantsApi(deps: TenantDeps) {
  return apiModule()
    .openapi(list, async (c) => c.json({ items: await listTenants(c.var.scope) }, 200))
    .openapi(create, async (c) => {
      const made = await createTenant(c.var.scope, deps, c.req.valid("json"));
      c.header("cache-control", "no-store");
      return c.json(made, 201);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateTenant(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(requested, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await requestDeletion(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(
      cancelled,
      async (c) => c.json(await cancelDeletion(c.var.scope, deps, c.req.valid("param").id), 200),
    )
    .openapi(exported, async (c) => {
      const { id } = c.req.valid("param");
      const pieces = await exportTenant(c.var.scope, deps, id);
      return download(pieces, {
        name: `tod-tenant-${id}.jsonl`,
        type: "application/jsonl",
      }) as never;
    })
    .openapi(deleted, async (c) => {
      const { id } = c.req.valid("param");
      await deleteTenant(c.var.scope, deps, id, c.req.valid("query"));
      return c.body(null, 204);
    })
    .openapi(readSettings, async (c) => c.json(await getSettings(c.var.scope), 200))
    .openapi(
      writeSettings,
      async (c) => c.json(await saveSettings(c.var.scope, deps, c.req.valid("json")), 200),
    );
}
