import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  AdoptResult,
  AdoptRouters,
  SeenRouter,
  SeenRouterPage,
} from "@/core/contract/discovery.ts";
import { NewScan, Scan, ScanWithHosts } from "@/core/contract/scans.ts";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import { adoptRouters } from "@/core/discovery/adopt.ts";
import { ignoreSeenRouter, listSeenRouters } from "@/core/discovery/neighbors.ts";
import {
  cancelScan,
  getScan,
  listScans,
  type ScanDeps,
  startScan,
} from "@/core/discovery/scans.ts";
import type { Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";
import type { ApiEnv } from "../http/env.ts";
import type { SseHub } from "../http/sse_hub.ts";

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

const ScanId = z.object({ id: z.uuid() });

const scans = apiRoute("discovery:run", {
  method: "get",
  path: "/scans",
  tags,
  summary: "List scans",
  description: "The last 50, the newest first.",
  responses: { 200: json(z.object({ items: z.array(Scan) }), "The scans"), ...COMMON_PROBLEMS },
});
const start = apiRoute("discovery:run", {
  method: "post",
  path: "/scans",
  tags,
  summary: "Scan addresses for routers",
  description:
    "A poller of the region looks: up to 4,096 addresses, IPv6 networks of /116 at most, only within the " +
    "setting `discovery-networks`. Answers as soon as a poller took it.",
  request: jsonBody(NewScan),
  responses: { 201: json(Scan, "The scan"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const look = apiRoute("discovery:run", {
  method: "get",
  path: "/scans/{id}",
  tags,
  summary: "Read a scan with what it found",
  request: { params: ScanId },
  responses: { 200: json(ScanWithHosts, "The scan"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const stop = apiRoute("discovery:run", {
  method: "post",
  path: "/scans/{id}/cancel",
  tags,
  summary: "Stop a scan",
  description: "Its poller closes what it has open; what was found is kept.",
  request: { params: ScanId },
  responses: { 200: json(Scan, "The scan"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const follow = apiRoute("discovery:run", {
  method: "get",
  path: "/scans/{id}/stream",
  tags,
  summary: "Follow a scan live",
  description: "Server-sent `scan` events: where it is and what was found since the last one. " +
    "`reset` means: read it anew.",
  request: { params: ScanId },
  responses: {
    200: { description: "The stream", content: { "text/event-stream": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

/** `/api/discovery`. */
export function discoveryApi(
  deps: DeviceDeps & ScanDeps & {
    hub: SseHub;
    scopeOf(c: Context<ApiEnv>): Promise<Scope>;
  },
) {
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
    })
    .openapi(scans, async (c) => c.json({ items: await listScans(c.var.scope) }, 200))
    .openapi(start, async (c) => {
      const scan = await startScan(c.var.scope, deps, c.req.valid("json"));
      return c.json(scan, 201, { location: `/api/discovery/scans/${scan.id}` });
    })
    .openapi(
      look,
      async (c) => c.json(await getScan(c.var.scope, c.req.valid("param").id), 200),
    )
    .openapi(stop, async (c) => {
      return c.json(await cancelScan(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(follow, async (c) => {
      const { id } = c.req.valid("param");
      const { tenantId } = c.var.scope;
      await getScan(c.var.scope, id); // a foreign id ends here, as 404
      return deps.hub.openOn(subjects.scan(tenantId, id), "scan", {
        lastEventId: c.req.header("last-event-id"),
        mayGoOn: async () => {
          const now = await deps.scopeOf(c);
          return now.tenantId === tenantId && now.permissions.has("discovery:run");
        },
      }) as never;
    });
}
