import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { EVENT_SEVERITIES, EventKindFilter, FleetEvent } from "@/core/contract/events.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { exportEvents } from "@/core/events/export_events.ts";
import { type EventQuery, listEvents } from "@/core/events/list_events.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Scope } from "@/core/scope.ts";
import type { ApiEnv } from "../http/env.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json, NOT_FOUND } from "../http/api_route.ts";
import { download, fileName } from "../http/download.ts";
import type { SseHub } from "../http/sse_hub.ts";

const EventPage = z.object({
  items: z.array(FleetEvent),
  nextCursor: z.string().nullable(),
  /** The page ended because so much was looked through; the next one goes on. */
  isPartial: z.boolean(),
}).openapi("EventPage");

const Filter = z.object({
  device: z.uuid().optional(),
  site: z.string().max(2_000).optional(),
  kind: z.string().max(1_000).optional()
    .refine((list) => list === undefined || kindsOf(list)!.every(isKind), "is no kind of events")
    .openapi({ example: "login,device.offline" }),
  severity: z.enum(EVENT_SEVERITIES).optional(),
  q: z.string().max(200).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

const isKind = (name: string) => EventKindFilter.safeParse(name).success;
const kindsOf = (list: string | undefined) =>
  list?.split(",").map((name) => name.trim()).filter(Boolean);

const list = apiRoute("events:read", {
  method: "get",
  path: "/",
  tags: ["events"],
  summary: "List events",
  description:
    "Newest first. `kind` is a comma-separated list of kinds (`device.offline`) and groups (`login`); " +
    "`site` is a path or name and includes what stands below it; `q` looks into message and router. Filters look through " +
    "50,000 events at a time: a page may be short, and goes on at its cursor (`isPartial`).",
  request: {
    query: Filter.extend({
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(EventPage, "A page of events"), ...COMMON_PROBLEMS },
});

const exported = apiRoute("events:read", {
  method: "get",
  path: "/export",
  tags: ["events"],
  summary: "Export events as CSV",
  description: "The same filters as the list; at most 100,000 events, newest first.",
  request: { query: Filter },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
  },
});

const stream = apiRoute("events:read", {
  method: "get",
  path: "/stream",
  tags: ["events"],
  summary: "Follow the fleet live",
  description:
    "Server-sent events. Without `device`: `batch` events with the cells that changed. With it: `device` " +
    "events with that device's whole reading. `push` events tell which push went on. Last-Event-ID (or `lastEventId`) resumes; `beat` comes every 15 s; `reset` means: read everything anew.",
  request: {
    query: z.object({
      device: z.uuid().optional(),
      /** For who cannot send the header: a new EventSource. */
      lastEventId: z.string().max(100).optional(),
    }),
  },
  responses: {
    200: { description: "The stream", content: { "text/event-stream": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

function queryOf({ device, kind, severity, ...rest }: z.infer<typeof Filter>): EventQuery {
  return {
    ...rest,
    deviceId: device,
    kinds: kindsOf(kind),
    severities: severity && [severity],
  };
}

/** `/api/events`. */
export function eventsApi(
  { hub, scopeOf, clock }: {
    hub: SseHub;
    scopeOf(c: Context<ApiEnv>): Promise<Scope>;
    clock: Clock;
  },
) {
  return apiModule()
    .openapi(list, async (c) => {
      const { cursor, limit, ...filter } = c.req.valid("query");
      const { events, nextCursor, isPartial } = await listEvents(c.var.scope, {
        ...queryOf(filter),
        cursor,
        limit,
      });
      return c.json({ items: events, nextCursor, isPartial }, 200);
    })
    .openapi(exported, (c) => {
      const pieces = exportEvents(c.var.scope, queryOf(c.req.valid("query")));
      return download(pieces, {
        name: fileName("events", clock, "csv"),
        type: "text/csv",
      }) as never;
    })
    .openapi(stream, async (c) => {
      const { device, lastEventId } = c.req.valid("query");
      if (device) await demandDevice(c.var.scope, device); // a foreign id ends here, as 404
      const { tenantId } = c.var.scope;
      return hub.open({
        tenantId,
        deviceId: device,
        lastEventId: c.req.header("last-event-id") ?? lastEventId,
        mayGoOn: async () => {
          const now = await scopeOf(c);
          return now.tenantId === tenantId && now.permissions.has("events:read");
        },
      }) as never;
    });
}
