import { z } from "@hono/zod-openapi";
import { Comparison, DeviceChart, MAX_COMPARED } from "@/core/contract/charts.ts";
import { SeriesSet } from "@/core/contract/metrics.ts";
import { chartCsv } from "@/core/metrics/chart_csv.ts";
import type { MetricReader } from "@/core/metrics/reader.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json, NOT_FOUND } from "../http/api_route.ts";
import { download, fileName } from "../http/download.ts";

const Span = z.object({ from: z.iso.datetime(), to: z.iso.datetime() });
const csv = { description: "The file", content: { "text/csv": { schema: z.string() } } };

const name = z.string().max(200);
const chartRequest = {
  params: z.object({
    id: z.string().openapi({ example: "0b54…", format: "uuid" }),
    chart: DeviceChart,
  }),
  query: Span.extend({
    /** Interfaces, radios or sensors, the parameter repeated. */
    name: z.union([name.transform((one) => [one]), z.array(name).max(64)]).optional(),
    sum: z.enum(["true", "false"]).optional(),
  }),
};
const chartText =
  "At most about 2,000 points a series: raw, 5-minute or 1-hour buckets, chosen by the range. `name` " +
  "(repeated) chooses interfaces, radios or sensors; without it charts of interfaces take all " +
  "physical ones. `sum` joins the interfaces to one line each way.";

const chart = apiRoute("metrics:read", {
  method: "get",
  path: "/devices/{id}/metrics/{chart}",
  tags: ["metrics"],
  summary: "Read a chart's series",
  description: chartText,
  request: chartRequest,
  responses: { 200: json(SeriesSet, "The series"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const chartFile = apiRoute("metrics:read", {
  method: "get",
  path: "/devices/{id}/metrics/{chart}/csv",
  tags: ["metrics"],
  summary: "Download a chart's series",
  description: "As CSV: times in UTC, averages, and the highest of each bucket.",
  request: chartRequest,
  responses: { 200: csv, ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const compareRequest = {
  query: Span.extend({
    /** Ids, comma separated. */
    ids: z.string().max(MAX_COMPARED * 37 * 2),
    chart: Comparison,
  }),
};

const compare = apiRoute("metrics:read", {
  method: "get",
  path: "/metrics/compare",
  tags: ["metrics"],
  summary: "Compare devices",
  description: `One line a device, up to ${MAX_COMPARED}, over one time axis.`,
  request: compareRequest,
  responses: { 200: json(SeriesSet, "The series"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const compareFile = apiRoute("metrics:read", {
  method: "get",
  path: "/metrics/compare/csv",
  tags: ["metrics"],
  summary: "Download a comparison",
  description: "As CSV, a column a device.",
  request: compareRequest,
  responses: { 200: csv, ...COMMON_PROBLEMS, ...NOT_FOUND },
});

type ChartParts = {
  param: z.output<typeof chartRequest.params>;
  query: z.output<typeof chartRequest.query>;
};

function chartQuery({ param: { id, chart }, query: { from, to, name, sum } }: ChartParts) {
  return { deviceId: id, chart, from, to, names: name, isSum: sum && sum === "true" } as const;
}

function compareQuery({ ids, ...query }: z.output<typeof compareRequest.query>) {
  return { ...query, deviceIds: ids.split(",").filter(Boolean) };
}

/** `/api/devices/{id}/metrics` and `/api/metrics`. */
export function metricsApi({ reader, clock }: { reader: MetricReader; clock: Clock }) {
  const file = (set: SeriesSet, what: string) =>
    download(chartCsv(set), { name: fileName(what, clock, "csv"), type: "text/csv" }) as never;
  return apiModule()
    .openapi(chart, async (c) => {
      const query = chartQuery({ param: c.req.valid("param"), query: c.req.valid("query") });
      return c.json(await reader.series(c.var.scope, query), 200);
    })
    .openapi(chartFile, async (c) => {
      const query = chartQuery({ param: c.req.valid("param"), query: c.req.valid("query") });
      return file(await reader.series(c.var.scope, query), query.chart);
    })
    .openapi(
      compare,
      async (c) =>
        c.json(await reader.compare(c.var.scope, compareQuery(c.req.valid("query"))), 200),
    )
    .openapi(compareFile, async (c) => {
      const query = compareQuery(c.req.valid("query"));
      return file(await reader.compare(c.var.scope, query), `compare-${query.chart}`);
    });
}
