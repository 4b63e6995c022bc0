import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { LOG_SEVERITY_NAMES, StoredLogLine } from "@/core/contract/device_logs.ts";
import { exportLogs } from "@/core/device_logs/export_logs.ts";
import { listLogs, type LogQuery } from "@/core/device_logs/list_logs.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import type { ApiEnv } from "../http/env.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json, NOT_FOUND } from "../http/api_route.ts";
import { download, fileName } from "../http/download.ts";
import type { SseHub } from "../http/sse_hub.ts";

const LogPage = z.object({
  items: z.array(StoredLogLine),
  nextCursor: z.string().nullable(),
  /** The page ended because so much was looked through; the next one goes on. */
  isPartial: z.boolean(),
  /** How far back a partial page looked. */
  searchedTo: z.iso.datetime().nullable(),
}).openapi("LogPage");

const Filter = z.object({
  device: z.uuid().optional(),
  severity: z.enum(LOG_SEVERITY_NAMES).optional(),
  topic: z.string().min(1).max(40).optional(),
  q: z.string().max(200).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

const list = apiRoute("logs:read", {
  method: "get",
  path: "/",
  tags: ["logs"],
  summary: "List stored log lines",
  description:
    "What routers sent by syslog, newest first. `severity` is this one or worse. A request looks " +
    "through 50,000 lines: a page may be short, and goes on at its cursor (`isPartial`).",
  request: {
    query: Filter.extend({
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: { 200: json(LogPage, "A page"), ...COMMON_PROBLEMS },
});

const exported = apiRoute("logs:read", {
  method: "get",
  path: "/export",
  tags: ["logs"],
  summary: "Export log lines as CSV",
  description: "The same filters as the list; at most 100,000 lines, newest first.",
  request: { query: Filter },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
  },
});

const stream = apiRoute("logs:read", {
  method: "get",
  path: "/stream",
  tags: ["logs"],
  summary: "Follow log lines as they are stored",
  description:
    "Server-sent events `log`, each with lines of one device. Last-Event-ID (or `lastEventId`) " +
    "resumes; `reset` means: lines were missed, list them anew.",
  request: {
    query: z.object({
      device: z.uuid().optional(),
      lastEventId: z.string().max(100).optional(),
    }),
  },
  responses: {
    200: { description: "The stream", content: { "text/event-stream": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

function queryOf({ device, ...rest }: z.infer<typeof Filter>): LogQuery {
  return { ...rest, deviceId: device };
}

/** `/api/logs`. */
export function logsApi(
  { hub, scopeOf, clock }: {
    hub: SseHub;
    scopeOf(c: Context<ApiEnv>): Promise<Scope>;
    clock: Clock;
  },
) {
  return apiModule()
    .openapi(list, async (c) => {
      const { cursor, limit, ...filter } = c.req.valid("query");
      const page = await listLogs(c.var.scope, { ...queryOf(filter), cursor, limit });
      const { lines, ...rest } = page;
      return c.json({ items: lines, ...rest }, 200);
    })
    .openapi(exported, (c) => {
      const pieces = exportLogs(c.var.scope, queryOf(c.req.valid("query")));
      return download(pieces, { name: fileName("logs", clock, "csv"), type: "text/csv" }) as never;
    })
    .openapi(stream, async (c) => {
      const { device, lastEventId } = c.req.valid("query");
      if (device) await demandDevice(c.var.scope, device); // a foreign id ends here, as 404
      const { tenantId } = c.var.scope;
      return hub.openOn(subjects.liveLog(tenantId, device ?? "*"), "log", {
        lastEventId: c.req.header("last-event-id") ?? lastEventId,
        mayGoOn: async () => {
          const now = await scopeOf(c);
          return now.tenantId === tenantId && now.permissions.has("logs:read");
        },
      }) as never;
    });
}
