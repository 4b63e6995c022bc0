import { z } from "@hono/zod-openapi";
import {
  MAX_POSITIONS,
  NodeKey,
  NodePosition,
  Topology,
  TopologyPath,
} from "@/core/contract/topology.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { findPath } from "@/core/topology/find_path.ts";
import { listPositions, placeNodes, resetPositions } from "@/core/topology/positions.ts";
import type { Topologies } from "@/core/topology/topology.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  json,
  jsonBody,
  NO_CONTENT,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["topology"];

const read = apiRoute("topology:read", {
  method: "get",
  path: "/",
  tags,
  summary: "Read the topology",
  description:
    "Routers, neighbours that are not managed, and the links between them, worked out of " +
    "what routers say of their neighbours (LLDP, CDP, MNDP). Rates are ten seconds old at most.",
  responses: { 200: json(Topology, "Nodes and links"), ...COMMON_PROBLEMS },
});
const path = apiRoute("topology:read", {
  method: "get",
  path: "/path",
  tags,
  summary: "Find the path between two routers",
  description: "Over the fewest links. Links not seen lately only where there is no other way.",
  request: { query: z.object({ from: NodeKey, to: NodeKey }) },
  responses: { 200: json(TopologyPath, "Hop by hop"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const Positions = z.object({ positions: z.array(NodePosition) });
const positions = apiRoute("topology:read", {
  method: "get",
  path: "/positions",
  tags,
  summary: "Read where nodes were placed",
  responses: { 200: json(Positions, "Only of nodes that somebody moved"), ...COMMON_PROBLEMS },
});
const place = apiRoute("topology:write", {
  method: "put",
  path: "/positions",
  tags,
  summary: "Place nodes",
  description: "For everybody of the tenant. Nodes that are not named stay where they are.",
  request: jsonBody(z.strictObject({ positions: z.array(NodePosition).max(MAX_POSITIONS) })),
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const reset = apiRoute("topology:write", {
  method: "delete",
  path: "/positions",
  tags,
  summary: "Forget where nodes were placed",
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS },
});

/** `/api/topology`. */
export function topologyApi({ topologies, kms }: { topologies: Topologies; kms: Kms }) {
  return apiModule()
    .openapi(read, async (c) => {
      const text = await topologies.readJson(c.var.scope);
      // Text already: what the schema promises is what the text was made of.
      return c.body(text, 200, { "content-type": "application/json" }) as never;
    })
    .openapi(path, async (c) => {
      const { from, to } = c.req.valid("query");
      return c.json(findPath(await topologies.read(c.var.scope), from, to), 200);
    })
    .openapi(positions, async (c) => {
      return c.json({ positions: await listPositions(c.var.scope) }, 200);
    })
    .openapi(place, async (c) => {
      await placeNodes(c.var.scope, { kms }, c.req.valid("json").positions);
      return c.body(null, 204);
    })
    .openapi(reset, async (c) => {
      await resetPositions(c.var.scope, { kms });
      return c.body(null, 204);
    });
}
