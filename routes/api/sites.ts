import { z } from "@hono/zod-openapi";
import { NewSite, Site, SitePatch } from "@/core/contract/sites.ts";
import {
  addSite,
  getSite,
  listSites,
  removeSite,
  type SiteDeps,
  updateSite,
} from "@/core/sites/sites.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["sites"];
const Id = z.object({ id: z.uuid() });

const list = apiRoute("sites:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List sites",
  description: "The whole tree, a site before those below it, with the devices right there.",
  responses: {
    200: json(z.object({ items: z.array(Site) }), "The sites"),
    ...COMMON_PROBLEMS,
  },
});
const create = apiRoute("sites:write", {
  method: "post",
  path: "/",
  tags,
  summary: "Add a site",
  request: jsonBody(NewSite),
  responses: { 201: json(Site, "The site"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const read = apiRoute("sites:read", {
  method: "get",
  path: "/{id}",
  tags,
  summary: "Read a site",
  request: { params: Id },
  responses: { 200: json(Site, "The site"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const update = apiRoute("sites:write", {
  method: "patch",
  path: "/{id}",
  tags,
  summary: "Rename, move or describe a site",
  description: "What stands below a moved site moves with it.",
  request: { params: Id, ...jsonBody(SitePatch) },
  responses: { 200: json(Site, "The site"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const remove = apiRoute("sites:write", {
  method: "delete",
  path: "/{id}",
  tags,
  summary: "Remove a site",
  description: "Only one that holds neither devices nor other sites.",
  request: { params: Id },
  responses: { 204: { description: "Removed" }, ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});

/** `/api/sites`. */
export function sitesApi(deps: SiteDeps) {
  return apiModule()
    .openapi(list, async (c) => c.json({ items: await listSites(c.var.scope) }, 200))
    .openapi(
      create,
      async (c) => c.json(await addSite(c.var.scope, deps, c.req.valid("json")), 201),
    )
    .openapi(read, async (c) => {
      return c.json(await getSite(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateSite(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await removeSite(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
