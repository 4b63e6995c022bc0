import type { DeviceChart, SeriesSet, Tier } from "@/core/contract/metrics.ts";
import type { InterfaceState } from "@/core/contract/device.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import {
  type ChartQuery,
  chooseTier,
  MAX_SPARKLINES,
  type MetricReader,
  type SparklineQuery,
} from "./reader.ts";
import { physicalInterfaces } from "./sample_figures.ts";
import { type Point, toColumns } from "./series_set.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LONGEST_MS = 10 * 366 * 86_400_000;

/** Charts of one number of `health_*`: its raw column, its name in the rollups, its unit. */
const HEALTH = {
  cpu: ["cpu_percent", "cpu", "percent"],
  memory: ["memory_percent", "memory", "percent"],
  temperature: ["temperature_c", "temperature", "celsius"],
  clients: ["wireless_clients", "clients", "count"],
} as const;
const SENSORS = { temperature: "celsius", voltage: "volt" } as const;

interface Range {
  tier: Tier;
  stepSeconds: number;
  from: string;
  to: string;
}

/** The reader over our own partitions and rollups. */
export class PostgresMetricReader implements MetricReader {
  /** @param intervalSeconds of devices that have none of their own */
  constructor(readonly intervalSeconds: number) {}

  async series(scope: Scope, query: ChartQuery): Promise<SeriesSet> {
    demand(scope, "metrics:read");
    const { deviceId } = query;
    const { from, to, spanMs } = rangeOf(query);
    return await scope.db.tenant(scope.tenantId, async (sql) => {
      const interval = await this.#intervalOf(sql, deviceId);
      const range: Range = { ...chooseTier(spanMs, interval), from, to };
      const { tier, stepSeconds } = range;
      const { points, unit, names } = await readChart(sql, range, query);
      return {
        tier,
        stepSeconds,
        from,
        to,
        ...toColumns(points, { unit, stepSeconds, names }),
      };
    });
  }

  async sparklines(
    scope: Scope,
    { deviceIds, metric, points, ...range }: SparklineQuery,
  ): Promise<Map<string, (number | null)[]>> {
    demand(scope, "metrics:read");
    if (deviceIds.length > MAX_SPARKLINES || points < 1 || points > 200) {
      throw new InvalidInput(
        `Cannot read sparklines of more than ${MAX_SPARKLINES} devices or 200 points`,
      );
    }
    const { from, to, spanMs } = rangeOf(range);
    const step = spanMs / points;
    const fromMs = Date.parse(from);
    const ids = deviceIds.filter((id) => UUID.test(id));
    const [column, name] = HEALTH[metric];
    // Hundreds of devices at once: raw rows only for a span that holds few of them.
    const isRaw = spanMs <= 2 * 3_600_000;
    const rows = await scope.db.tenant(scope.tenantId, (sql) => {
      const time = sql.unsafe(isRaw ? "sampled_at" : "bucket");
      const value = isRaw
        ? sql`avg(${sql(column)})`
        : sql`sum(${sql(`${name}_sum`)}) / nullif(sum(${sql(`${name}_n`)}), 0)`;
      return sql<{ deviceId: string; slot: number; value: number | null }[]>`
        select device_id as "deviceId", ${value}::float8 as value,
          floor((extract(epoch from ${time}) * 1000 - ${fromMs}::float8) / ${step}::float8)::int
            as slot
        from ${sql(isRaw ? "health_samples" : "health_5m")}
        where device_id = any(${ids}::uuid[]) and tenant_id = ${scope.tenantId}
          and ${time} >= ${from}::text::timestamptz and ${time} < ${to}::text::timestamptz
        group by device_id, slot`;
    });
    const lines = new Map<string, (number | null)[]>();
    for (const { deviceId, slot, value } of rows) {
      const line = lines.get(deviceId) ?? Array<number | null>(points).fill(null);
      line[Math.min(slot, points - 1)] = value;
      lines.set(deviceId, line);
    }
    return lines;
  }

  async #intervalOf(sql: Sql, deviceId: string): Promise<number> {
    if (!UUID.test(deviceId)) return this.intervalSeconds;
    const [row] = await sql<{ seconds: number | null }[]>`
      select poll_interval_seconds as seconds from devices where id = ${deviceId}`;
    return row?.seconds ?? this.intervalSeconds;
  }
}

interface Chart {
  points: Point[];
  unit: SeriesSet["series"][number]["unit"];
  /** Series that the chart always has. */
  names: readonly string[];
}

async function readChart(sql: Sql, range: Range, query: ChartQuery): Promise<Chart> {
  const { deviceId, chart } = query;
  if (!UUID.test(deviceId)) return { points: [], unit: "other", names: [] };
  switch (chart) {
    case "traffic":
      return { points: await readTraffic(sql, range, query), unit: "bps", names: ["rx", "tx"] };
    case "temperature":
    case "voltage": {
      const points = await readSensors(sql, range, deviceId, chart);
      return { points, unit: SENSORS[chart], names: [] };
    }
    default: {
      const points = await readHealth(sql, range, deviceId, chart);
      return { points, unit: HEALTH[chart][2], names: [chart] };
    }
  }
}

function rangeOf(range: { from: string; to: string }) {
  const [fromMs, toMs] = [Date.parse(range.from), Date.parse(range.to)];
  if (!(toMs > fromMs) || toMs - fromMs > LONGEST_MS) {
    throw new InvalidInput("Cannot read this time range", [
      { path: "from", message: "must be before to, by ten years at most" },
    ]);
  }
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return { from, to, spanMs: toMs - fromMs };
}

/** Raw points as they are, buckets of rollups joined to the step; in a tier's own time column. */
function timing(sql: Sql, { tier, stepSeconds, from, to }: Range) {
  const column = sql.unsafe(tier === "raw" ? "sampled_at" : "bucket");
  const start = tier === "1h"
    ? sql`date_bin(make_interval(secs => ${stepSeconds}), bucket, timestamptz '2000-01-01 00:00+00')`
    : column;
  return {
    time: sql`extract(epoch from ${start})::float8`,
    inside: sql`${column} >= ${from}::text::timestamptz and ${column} < ${to}::text::timestamptz`,
  };
}

async function readHealth(
  sql: Sql,
  range: Range,
  deviceId: string,
  chart: Exclude<DeviceChart, "traffic" | "voltage" | "temperature">,
): Promise<Point[]> {
  const [column, name] = HEALTH[chart];
  const { time, inside } = timing(sql, range);
  return range.tier === "raw"
    ? await sql<Point[]>`
      select ${chart} as series, ${time} as time, ${sql(column)}::float8 as average,
        ${sql(column)}::float8 as max
      from health_samples where device_id = ${deviceId} and ${inside} order by 2`
    : await sql<Point[]>`
      select ${chart} as series, ${time} as time,
        (sum(${sql(`${name}_sum`)}) / nullif(sum(${sql(`${name}_n`)}), 0))::float8 as average,
        max(${sql(`${name}_max`)})::float8 as max
      from ${sql(`health_${range.tier}`)}
      where device_id = ${deviceId} and ${inside} group by 2 order by 2`;
}

/** Every sensor of the kind is a series of its own. */
async function readSensors(
  sql: Sql,
  range: Range,
  deviceId: string,
  kind: keyof typeof SENSORS,
): Promise<Point[]> {
  const { time, inside } = timing(sql, range);
  return range.tier === "raw"
    ? await sql<Point[]>`
      select sensor as series, ${time} as time, value::float8 as average, value::float8 as max
      from sensor_samples where device_id = ${deviceId} and kind = ${kind} and ${inside} order by 2`
    : await sql<Point[]>`
      select sensor as series, ${time} as time, (sum(sum) / sum(n))::float8 as average,
        max(max)::float8 as max
      from ${sql(`sensor_${range.tier}`)}
      where device_id = ${deviceId} and kind = ${kind} and ${inside} group by 1, 2 order by 2`;
}

/** Of a sum, `max` is an upper bound: the interfaces need not have peaked at the same moment. */
async function readTraffic(sql: Sql, range: Range, query: ChartQuery): Promise<Point[]> {
  const { deviceId } = query;
  const names = query.interface === undefined
    ? await physicalNames(sql, deviceId)
    : [query.interface];
  if (names.length === 0) return [];
  const { time, inside } = timing(sql, range);
  type Both = { time: number } & Record<"rx" | "rxMax" | "tx" | "txMax", number | null>;
  const from =
    sql`where device_id = ${deviceId} and interface = any(${names}::text[]) and ${inside}`;
  const rows = range.tier === "raw"
    ? await sql<Both[]>`
      select ${time} as time, sum(rx_bps)::float8 as rx, sum(rx_bps)::float8 as "rxMax",
        sum(tx_bps)::float8 as tx, sum(tx_bps)::float8 as "txMax"
      from interface_samples ${from} group by 1 order by 1`
    : await sql<Both[]>`
      select time, sum(rx)::float8 as rx, sum(rx_max)::float8 as "rxMax", sum(tx)::float8 as tx,
        sum(tx_max)::float8 as "txMax"
      from (
        select ${time} as time, sum(rx_sum) / nullif(sum(rx_n), 0) as rx, max(rx_max) as rx_max,
          sum(tx_sum) / nullif(sum(tx_n), 0) as tx, max(tx_max) as tx_max
        from ${sql(`interface_${range.tier}`)} ${from} group by interface, 1) as each
      group by time order by time`;
  return rows.flatMap(({ time, rx, rxMax, tx, txMax }) => [
    { series: "rx", time, average: rx, max: rxMax },
    { series: "tx", time, average: tx, max: txMax },
  ]);
}

async function physicalNames(sql: Sql, deviceId: string): Promise<string[]> {
  const [row] = await sql<{ data: InterfaceState[] }[]>`
    select data from device_state where device_id = ${deviceId} and section = 'interfaces'`;
  return physicalInterfaces(row?.data ?? []).map(({ name }) => name);
}
