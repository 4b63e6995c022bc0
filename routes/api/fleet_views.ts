import { z } from "@hono/zod-openapi";
import { FleetView, FleetViewPatch, NewFleetView } from "@/core/contract/fleet_views.ts";
import {
  addView,
  listViews,
  removeView,
  updateView,
  type ViewDeps,
} from "@/core/fleet_views/fleet_views.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["views"];
const Id = z.object({ id: z.uuid() });

const list = apiRoute("devices:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List views of the fleet",
  description: "The caller's own and those that others share.",
  responses: {
    200: json(z.object({ items: z.array(FleetView) }), "The views"),
    ...COMMON_PROBLEMS,
  },
});
const create = apiRoute("devices:read", {
  method: "post",
  path: "/",
  tags,
  summary: "Keep a view of the fleet",
  description: "A query, a sort and columns. To share it needs `groups:write`.",
  request: jsonBody(NewFleetView),
  responses: { 201: json(FleetView, "The view"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const update = apiRoute("devices:read", {
  method: "patch",
  path: "/{id}",
  tags,
  summary: "Change a view of the fleet",
  description: "One's own; a shared one, also of others, with `groups:write`.",
  request: { params: Id, ...jsonBody(FleetViewPatch) },
  responses: { 200: json(FleetView, "The view"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const remove = apiRoute("devices:read", {
  method: "delete",
  path: "/{id}",
  tags,
  summary: "Remove a view of the fleet",
  request: { params: Id },
  responses: { 204: { description: "Removed" }, ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/views`. */
export function fleetViewsApi(deps: ViewDeps) {
  return apiModule()
    .openapi(list, async (c) => c.json({ items: await listViews(c.var.scope) }, 200))
    .openapi(create, async (c) => {
      return c.json(await addView(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateView(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await removeView(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
