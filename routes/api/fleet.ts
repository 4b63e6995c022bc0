import { z } from "@hono/zod-openapi";
import { FleetEvent } from "@/core/contract/events.ts";
import { FleetSummary, FleetTrends, TenantOverview } from "@/core/contract/overview.ts";
import { MAX_SPARKLINES, type MetricReader } from "@/core/metrics/reader.ts";
import { fleetSummary } from "@/core/overview/fleet_summary.ts";
import { fleetTrends } from "@/core/overview/fleet_trends.ts";
import { Recent } from "@/core/overview/recent.ts";
import { recentTrouble } from "@/core/overview/recent_trouble.ts";
import { tenantsOverview } from "@/core/overview/tenants_overview.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json } from "../http/api_route.ts";

const MAX_HOURS = 7 * 24;

const MOST_TROUBLE = 50;
/** A query as the list of devices takes it. */
const q = z.string().max(500).optional();

const summary = apiRoute("fleet:read", {
  method: "get",
  path: "/summary",
  tags: ["fleet"],
  summary: "Read the fleet's key figures",
  description:
    "Counts by status, traffic, versions, what costs health, and the routers, sites and radios in the " +
    "worst state; of everything, or of what `q` fits. In large fleets the figures may be some seconds " +
    "old: `at` says from when they are.",
  request: { query: z.object({ q }) },
  responses: { 200: json(FleetSummary, "The figures"), ...COMMON_PROBLEMS },
});
const trends = apiRoute("fleet:read", {
  method: "get",
  path: "/trends",
  tags: ["fleet"],
  summary: "Read the fleet's availability and traffic over time",
  description: "Availability is summed from the history of status. Traffic is noted every five " +
    "minutes, for the fleet and for each site; for other queries it is null.",
  request: {
    query: z.object({ q, hours: z.coerce.number().int().min(1).max(30 * 24).default(24) }),
  },
  responses: { 200: json(FleetTrends, "The slots, oldest first"), ...COMMON_PROBLEMS },
});
const trouble = apiRoute("events:read", {
  method: "get",
  path: "/trouble",
  tags: ["fleet"],
  summary: "List the last warnings and critical events",
  request: {
    query: z.object({ q, limit: z.coerce.number().int().min(1).max(MOST_TROUBLE).default(12) }),
  },
  responses: {
    200: json(z.object({ items: z.array(FleetEvent) }), "Newest first"),
    ...COMMON_PROBLEMS,
  },
});
const tenants = apiRoute("tenants:read", {
  method: "get",
  path: "/tenants",
  tags: ["fleet"],
  summary: "Read the key figures of every tenant",
  description: "Worst first. For who works across tenants.",
  responses: {
    200: json(z.object({ items: z.array(TenantOverview) }), "One line a tenant"),
    ...COMMON_PROBLEMS,
  },
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

/** What is read again with every batch of readings takes a twentieth of a core at most. */
const SUMMARY = { factor: 20, maxMs: 5_000 };
/** Slots of half an hour and more: nobody sees a minute. */
const TRENDS = { factor: 200, maxMs: 60_000 };
const TENANTS = { factor: 50, maxMs: 30_000 };

/** `/api/fleet`. */
export function fleetApi({ reader, clock }: { reader: MetricReader; clock: Clock }) {
  const summaries = new Recent<FleetSummary>(clock, SUMMARY.factor, SUMMARY.maxMs);
  const allTrends = new Recent<FleetTrends>(clock, TRENDS.factor, TRENDS.maxMs);
  const overviews = new Recent<TenantOverview[]>(clock, TENANTS.factor, TENANTS.maxMs);
  return apiModule()
    .openapi(summary, async (c) => {
      const { scope } = c.var;
      const { q = "" } = c.req.valid("query");
      const make = () => fleetSummary(scope, { clock }, q);
      return c.json(await summaries.get(`${scope.tenantId} ${q}`, make), 200);
    })
    .openapi(trends, async (c) => {
      const { scope } = c.var;
      const query = c.req.valid("query");
      const make = () => fleetTrends(scope, { clock }, query);
      const key = `${scope.tenantId} ${query.hours} ${query.q ?? ""}`;
      return c.json(await allTrends.get(key, make), 200);
    })
    .openapi(trouble, async (c) => {
      return c.json({ items: await recentTrouble(c.var.scope, c.req.valid("query")) }, 200);
    })
    .openapi(tenants, async (c) => {
      const items = await overviews.get("all", () => tenantsOverview(c.var.scope, { clock }));
      return c.json({ items }, 200);
    })
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
