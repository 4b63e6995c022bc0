import { z } from "@hono/zod-openapi";
import {
  AdoptResult,
  AdoptRouters,
  SeenRouter,
  SeenRouterPage,
} from "@/core/contract/discovery.ts";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import { adoptRouters } from "@/core/discovery/adopt.ts";
import { ignoreSeenRouter, listSeenRouters } from "@/core/discovery/neighbors.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["discovery"];
const SeenId = z.object({ id: z.string().regex(/^[0-9a-f]{32}$/) });

const neighbors = apiRoute("discovery:run", {
  method: "get",
  path: "/neighbors",
  tags,
  summary: "List neighbours that nobody manages",
  description:
    "MikroTik routers that the fleet sees (MNDP, CDP, LLDP) and that are no devices yet, by identity.",
  request: {
    query: z.object({
      q: z.string().max(200).optional(),
      ignored: z.enum(["true", "false"]).default("false"),
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(SeenRouterPage, "A page of them"), ...COMMON_PROBLEMS },
});
const ignore = apiRoute("discovery:run", {
  method: "put",
  path: "/neighbors/{id}/ignored",
  tags,
  summary: "Ignore a neighbour, or show it again",
  request: { params: SeenId, ...jsonBody(z.strictObject({ ignored: z.boolean() })) },
  responses: { 200: json(SeenRouter, "The neighbour"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const adopt = apiRoute("devices:write", {
  method: "post",
  path: "/adopt",
  tags,
  summary: "Adopt routers that were found",
  description:
    "Each is logged in to with the credential profile before it is stored; what came of it is said for " +
    "each. Never without TLS unless `allowPlain` says so.",
  request: jsonBody(AdoptRouters),
  responses: {
    200: json(z.object({ results: z.array(AdoptResult) }), "What came of each"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

/** `/api/discovery`. */
export function discoveryApi(deps: DeviceDeps & { rpc: Rpc }) {
  return apiModule()
    .openapi(neighbors, async (c) => {
      const { ignored, ...query } = c.req.valid("query");
      const page = await listSeenRouters(c.var.scope, { ...query, ignored: ignored === "true" });
      return c.json(page, 200);
    })
    .openapi(ignore, async (c) => {
      const { ignored } = c.req.valid("json");
      const { id } = c.req.valid("param");
      return c.json(await ignoreSeenRouter(c.var.scope, deps, id, ignored), 200);
    })
    .openapi(adopt, async (c) => {
      const results = await adoptRouters(c.var.scope, deps, c.req.valid("json"));
      return c.json({ results }, 200);
    });
}
