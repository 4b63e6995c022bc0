import type { Sql } from "@/core/ports/db.ts";
import type { ChartSource, Measure } from "./chart_sources.ts";
import type { TierPart } from "./tier_parts.ts";

export interface PointsWanted {
  source: ChartSource;
  /** Each with the keys that count for it; of a source without keys the names are left empty. */
  devices: readonly { id: string; keys: readonly string[] }[];
  parts: readonly TierPart[];
  stepSeconds: number;
  /** Points begin at multiples of the step; otherwise where they were measured. */
  isBinned: boolean;
  /** The keys of a device together. */
  isSum: boolean;
}

/** Averages and extremes in the order of the source's measures; `device`: its place in the question. */
export interface PointRow {
  device: number;
  key: string;
  time: number;
  values: (number | null)[];
  extremes: (number | null)[];
}

/** Reads the rows of all parts through the primary keys, joins them to points, in order of time. */
export async function readPoints(sql: Sql, wanted: PointsWanted): Promise<PointRow[]> {
  const { source, devices, parts, isSum } = wanted;
  if (parts.length === 0 || devices.length === 0) return [];
  if (source.key !== null && devices.every(({ keys }) => keys.length === 0)) return [];
  const { measures } = source;
  const rows = parts.map((part) => readPart(sql, wanted, part))
    .reduce((all, part) => sql`${all} union all ${part}`);
  const columns = (text: (measure: Measure, index: number) => string) =>
    sql.unsafe(measures.map(text).join(", "));
  const isOf = ({ extreme }: Measure) => extreme?.is ?? "max";
  const joined = sql`
    select device_id, key, start, ${
    columns((measure, i) =>
      `coalesce(sum(s${i}) / nullif(sum(n${i}), 0), ${isOf(measure)}(e${i})) as v${i}, ` +
      `${isOf(measure)}(e${i}) as e${i}`
    )
  } from (${rows}) as read group by 1, 2, 3`;
  const points = isSum
    ? sql`
      select device_id, '' as key, start, ${
      columns((_, i) => `sum(v${i}) as v${i}, sum(e${i}) as e${i}`)
    }
      from (${joined}) as each group by 1, 3`
    : joined;
  const ids = devices.map(({ id }) => id);
  type Row = { device: number; key: string; time: number } & Record<string, number | null>;
  const found = await sql<Row[]>`
    select array_position(${ids}::uuid[], device_id) - 1 as device, key,
      extract(epoch from start)::float8 as time,
      ${columns((_, i) => `v${i}::float8 as v${i}, e${i}::float8 as e${i}`)}
    from (${points}) as points order by start`;
  return found.map((row) => ({
    device: row.device,
    key: row.key,
    time: row.time,
    values: measures.map((_, i) => row[`v${i}`] ?? null),
    extremes: measures.map(({ extreme }, i) => row[extreme ? `e${i}` : `v${i}`] ?? null),
  }));
}

/** Rows of one tier; n, sum and extreme of each measure. */
function readPart(sql: Sql, wanted: PointsWanted, { tier, fromMs, toMs }: TierPart) {
  const { source, devices, stepSeconds, isBinned } = wanted;
  const isRaw = tier === "raw";
  const time = sql.unsafe(isRaw ? "sampled_at" : "bucket");
  const start = isBinned
    ? sql`date_bin(${stepSeconds}::int * interval '1 second', ${time},
        timestamptz '2000-01-01 00:00+00')`
    : time;
  const columns = source.measures.map(({ raw, n, sum, extreme }, i) => {
    const peak = extreme ? (isRaw ? extreme.raw : extreme.column) : "null";
    const counted = isRaw ? `(${raw} is not null)::int` : n;
    const summed = sum === null ? "null" : isRaw ? raw : sum;
    return `${counted}::float8 as n${i}, ${summed}::float8 as s${i}, ${peak}::float8 as e${i}`;
  });
  // What a poll did not ask is no reading: most have no counts, for one.
  const isMeasured = source.measures.map(({ raw, n }) => isRaw ? `${raw} is not null` : `${n} > 0`);
  const ids = devices.map(({ id }) => id);
  return sql`
    select device_id, ${sql.unsafe(source.key ?? "''")} as key, ${start} as start,
      ${sql.unsafe(columns.join(", "))}
    from ${sql(isRaw ? `${source.table}_samples` : `${source.table}_${tier}`)}
    where device_id = any(${ids}::uuid[]) ${ofKeys(sql, wanted)}
      and ${time} >= ${iso(fromMs)}::timestamptz and ${time} < ${iso(toMs)}::timestamptz
      and (${sql.unsafe(isMeasured.join(" or "))})`;
}

function ofKeys(sql: Sql, { source: { key, kind }, devices }: PointsWanted) {
  if (key === null) return sql``;
  const column = sql.unsafe(key);
  const names = [...new Set(devices.flatMap(({ keys }) => keys))];
  const named = sql`and ${column} = any(${names}::text[]) ${
    kind === null ? sql`` : sql`and kind = ${kind}`
  }`;
  if (devices.length === 1) return named;
  // A name may be a port here and a bridge there.
  const pairs = devices.flatMap(({ id, keys }) => keys.map((name) => `${id} ${name}`));
  return sql`${named} and device_id::text || ' ' || ${column} = any(${pairs}::text[])`;
}

/** Most names that are looked at for the lines of one chart. */
const MOST_KEYS = 500;

/** Radios or sensors of a device that have rows in the time, by jumping along the primary key. */
export async function readKeys(
  sql: Sql,
  { table, key, kind }: ChartSource,
  deviceId: string,
  parts: readonly TierPart[],
): Promise<string[]> {
  const column = sql.unsafe(key!);
  const kindOf = sql.unsafe(kind === null ? "''" : "kind");
  const found = await Promise.all(parts.map(({ tier, fromMs, toMs }) => {
    const time = sql.unsafe(tier === "raw" ? "sampled_at" : "bucket");
    const from = sql`from ${sql(tier === "raw" ? `${table}_samples` : `${table}_${tier}`)} t
      where t.device_id = ${deviceId}::uuid and t.${time} >= ${iso(fromMs)}::timestamptz
        and t.${time} < ${iso(toMs)}::timestamptz`;
    return sql<{ key: string }[]>`
      with recursive found as (
        (select ${column} as key, ${kindOf} as kind ${from} order by t.${column} limit 1)
        union all
        select next.key, next.kind from found cross join lateral (
          select ${column} as key, ${kindOf} as kind ${from} and t.${column} > found.key
          order by t.${column} limit 1) next)
      select key from (select * from found limit ${MOST_KEYS}) as keys where kind = ${kind ?? ""}`;
  }));
  return [...new Set(found.flat().map(({ key }) => key))];
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
