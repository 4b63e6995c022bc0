import { z } from "@hono/zod-openapi";
import { NewSector, Sector, SectorPatch } from "@/core/contract/sectors.ts";
import { addSector, listSectors, removeSector, updateSector } from "@/core/sites/sectors.ts";
import type { SiteDeps } from "@/core/sites/sites.ts";
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
const Sectors = z.object({ items: z.array(Sector) });

const list = apiRoute("sites:read", {
  method: "get",
  path: "/sectors",
  tags,
  summary: "List the sectors of all sites",
  description: "With the coordinates of their sites: what a map draws.",
  responses: { 200: json(Sectors, "The sectors, by site and azimuth"), ...COMMON_PROBLEMS },
});
const ofSite = apiRoute("sites:read", {
  method: "get",
  path: "/sites/{id}/sectors",
  tags,
  summary: "List the sectors of a site",
  request: { params: Id },
  responses: { 200: json(Sectors, "The sectors, by azimuth"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const create = apiRoute("sites:write", {
  method: "post",
  path: "/sites/{id}/sectors",
  tags,
  summary: "Add a sector to a site",
  description: "A router is put on it by `sectorId` of the device.",
  request: { params: Id, ...jsonBody(NewSector) },
  responses: { 201: json(Sector, "The sector"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const update = apiRoute("sites:write", {
  method: "patch",
  path: "/sectors/{id}",
  tags,
  summary: "Change a sector",
  request: { params: Id, ...jsonBody(SectorPatch) },
  responses: { 200: json(Sector, "The sector"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const remove = apiRoute("sites:write", {
  method: "delete",
  path: "/sectors/{id}",
  tags,
  summary: "Remove a sector",
  description: "Its routers stay on the site.",
  request: { params: Id },
  responses: { 204: { description: "Removed" }, ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/sectors` and `/api/sites/{id}/sectors`. */
export function sectorsApi(deps: SiteDeps) {
  return apiModule()
    .openapi(list, async (c) => c.json({ items: await listSectors(c.var.scope) }, 200))
    .openapi(ofSite, async (c) => {
      return c.json({ items: await listSectors(c.var.scope, c.req.valid("param").id) }, 200);
    })
    .openapi(create, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await addSector(c.var.scope, deps, id, c.req.valid("json")), 201);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateSector(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await removeSector(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
