import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { EVENT_KINDS, FleetEvent } from "@/core/contract/device.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { listEvents } from "@/core/events/events.ts";
import type { Scope } from "@/core/scope.ts";
import type { ApiEnv } from "../http/env.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json, NOT_FOUND } from "../http/api_route.ts";
import type { SseHub } from "../http/sse_hub.ts";

const EventPage = z.object({ items: z.array(FleetEvent), nextCursor: z.string().nullable() })
  .openapi("EventPage");

const list = apiRoute("events:read", {
  method: "get",
  path: "/",
  tags: ["events"],
  summary: "List events",
  description: "Newest first: status changes, reboots, upgrades, certificates, edits.",
  request: {
    query: z.object({
      device: z.uuid().optional(),
      kind: z.enum(EVENT_KINDS).optional(),
      severity: z.enum(["info", "warning", "critical"]).optional(),
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(EventPage, "A page of events"), ...COMMON_PROBLEMS },
});

const stream = apiRoute("events:read", {
  method: "get",
  path: "/stream",
  tags: ["events"],
  summary: "Follow the fleet live",
  description:
    "Server-sent events. Without `device`: `batch` events with the cells that changed. With it: `device` " +
    "events with that device's whole reading. Last-Event-ID resumes; `reset` means: read everything anew.",
  request: { query: z.object({ device: z.uuid().optional() }) },
  responses: {
    200: { description: "The stream", content: { "text/event-stream": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

/** `/api/events`. */
export function eventsApi(
  { hub, scopeOf }: { hub: SseHub; scopeOf(c: Context<ApiEnv>): Promise<Scope> },
) {
  return apiModule()
    .openapi(list, async (c) => {
      const { device, kind, severity, ...query } = c.req.valid("query");
      const { events, nextCursor } = await listEvents(c.var.scope, {
        ...query,
        deviceId: device,
        kinds: kind && [kind],
        severities: severity && [severity],
      });
      return c.json({ items: events, nextCursor }, 200);
    })
    .openapi(stream, async (c) => {
      const { device } = c.req.valid("query");
      if (device) await demandDevice(c.var.scope, device); // a foreign id ends here, as 404
      const { tenantId } = c.var.scope;
      return hub.open({
        tenantId,
        deviceId: device,
        lastEventId: c.req.header("last-event-id"),
        mayGoOn: async () => {
          const now = await scopeOf(c);
          return now.tenantId === tenantId && now.permissions.has("events:read");
        },
      }) as never;
    });
}
