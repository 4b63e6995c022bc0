import { z } from "@hono/zod-openapi";
import { NewTenant, Tenant, TenantPatch, TenantSettings } from "@/core/contract/tenants.ts";
import { IssuedLink } from "@/core/contract/users.ts";
import {
  createTenant,
  getSettings,
  listTenants,
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
  NOT_FOUND,
} from "../http/api_route.ts";

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
  request: { params: z.object({ id: z.uuid() }), ...jsonBody(TenantPatch) },
  responses: { 200: json(Tenant, "The tenant"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
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
  request: jsonBody(TenantSettings),
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
    .openapi(readSettings, async (c) => c.json(await getSettings(c.var.scope), 200))
    .openapi(
      writeSettings,
      async (c) => c.json(await saveSettings(c.var.scope, deps, c.req.valid("json")), 200),
    );
}
