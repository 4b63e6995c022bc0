import { z } from "@hono/zod-openapi";
import { FleetMap, PlaceRouters } from "@/core/contract/map.ts";
import { readFleetMap } from "@/core/fleet_map/fleet_map.ts";
import { listPlaceRouters } from "@/core/fleet_map/place_routers.ts";
import type { Topologies } from "@/core/topology/topology.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json, NOT_FOUND } from "../http/api_route.ts";

const tags = ["sites"];

const read = apiRoute("sites:read", {
  method: "get",
  path: "/",
  tags,
  summary: "Read the map",
  description:
    "Sites with coordinates and how their routers are; links between them for those who " +
    "may see the topology; sites that have no coordinates yet.",
  responses: { 200: json(FleetMap, "Places and links"), ...COMMON_PROBLEMS },
});
const routers = apiRoute("sites:read", {
  method: "get",
  path: "/places/{id}",
  tags,
  summary: "List the routers of a place",
  description: "The first ten, the worst first. Those of sites below that have no coordinates too.",
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 200: json(PlaceRouters, "The routers"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/map`. */
export function mapApi(deps: { topologies: Topologies }) {
  return apiModule()
    .openapi(read, async (c) => c.json(await readFleetMap(c.var.scope, deps), 200))
    .openapi(routers, async (c) => {
      return c.json(await listPlaceRouters(c.var.scope, c.req.valid("param").id), 200);
    });
}
