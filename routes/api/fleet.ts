import { z } from "@hono/zod-openapi";
import { FleetSummary } from "@/core/contract/device.ts";
import { fleetSummary } from "@/core/devices/fleet_summary.ts";
import { MAX_SPARKLINES, type MetricReader } from "@/core/metrics/reader.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json } from "../http/api_route.ts";

const MAX_HOURS = 7 * 24;

const summary = apiRoute("fleet:read", {
  method: "get",
  path: "/summary",
  tags: ["fleet"],
  summary: "Read the fleet's key figures",
  description: "Counts by status, traffic, versions, and the devices in the worst health.",
  responses: { 200: json(FleetSummary, "The figures"), ...COMMON_PROBLEMS },
});

const Sparklines = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** By device; `null` where nothing was measured. A device without data is absent. */
  lines: z.record(z.string(), z.array(z.number().nullable())),
});
const sparklines = apiRoute("metrics:read", {
  method: "get",
  path: "/sparklines",
  tags: ["metrics"],
  summary: "Read one small line a device",
  description: `The last hours of one figure for up to ${MAX_SPARKLINES} devices, as averages.`,
  request: {
    query: z.object({
      /** Ids, comma separated. */
      ids: z.string().max(MAX_SPARKLINES * 37),
      metric: z.enum(["cpu", "memory", "temperature", "clients"]).default("cpu"),
      hours: z.coerce.number().int().min(1).max(MAX_HOURS).default(2),
      points: z.coerce.number().int().min(1).max(200).default(40),
    }),
  },
  responses: { 200: json(Sparklines, "The lines"), ...COMMON_PROBLEMS },
});

/** `/api/fleet`. */
export function fleetApi({ reader, clock }: { reader: MetricReader; clock: Clock }) {
  return apiModule()
    .openapi(summary, async (c) => c.json(await fleetSummary(c.var.scope), 200))
    .openapi(sparklines, async (c) => {
      const { ids, metric, hours, points } = c.req.valid("query");
      const now = clock.now();
      const to = new Date(now).toISOString();
      const from = new Date(now - hours * 3_600_000).toISOString();
      const deviceIds = ids.split(",").filter(Boolean);
      const query = { deviceIds, metric, from, to, points };
      const lines = Object.fromEntries(await reader.sparklines(c.var.scope, query));
      return c.json({ from, to, lines }, 200);
    });
}
