import { InvalidInput } from "@/core/errors.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { healthSource } from "./chart_sources.ts";
import { MAX_SPARKLINES, type SparklineQuery } from "./reader.ts";
import { rangeOf, UUID } from "./time_span.ts";

/** See {@linkcode MetricReader.sparklines}. */
export async function readSparklines(
  scope: Scope,
  { deviceIds, metric, points, ...span }: SparklineQuery,
): Promise<Map<string, (number | null)[]>> {
  demand(scope, "metrics:read");
  if (deviceIds.length > MAX_SPARKLINES || points < 1 || points > 200) {
    throw new InvalidInput(
      `Cannot read sparklines of more than ${MAX_SPARKLINES} devices or 200 points`,
    );
  }
  const { fromMs, from, to, spanMs } = rangeOf(span);
  const step = spanMs / points;
  const ids = deviceIds.filter((id) => UUID.test(id));
  const { raw, n, sum } = healthSource(metric).measures[0]!;
  // Hundreds of devices at once: raw rows only for a span that holds few of them.
  const isRaw = spanMs <= 2 * 3_600_000;
  const rows = await scope.db.tenant(scope.tenantId, (sql) => {
    const time = sql.unsafe(isRaw ? "sampled_at" : "bucket");
    const value = isRaw
      ? sql`avg(${sql(raw)})`
      : sql`sum(${sql(sum!)}) / nullif(sum(${sql(n)}), 0)`;
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
