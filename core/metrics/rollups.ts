import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** [column, from raw rows, from finer buckets]. Sums and counts, never averages. */
type Column = readonly [name: string, raw: string, merged: string];
interface Rollup {
  name: string;
  raw: string;
  /** Beside device_id. */
  keys: readonly string[];
  columns: readonly Column[];
}

const N: Column = ["n", "count(*)", "sum(n)"];
const merged = (name: string, raw: string, how: "sum" | "min" | "max"): Column => [
  name,
  raw,
  `${how}(${name})`,
];
/** Count, sum and the extremes that are kept of one measured column. */
function measure(name: string, column: string, ...extremes: ("min" | "max")[]): Column[] {
  return [
    merged(`${name}_n`, `count(${column})`, "sum"),
    merged(`${name}_sum`, `sum(${column}::float8)`, "sum"),
    ...extremes.map((how) => merged(`${name}_${how}`, `${how}(${column})`, how)),
  ];
}

const ROLLUPS: readonly Rollup[] = [
  {
    name: "health",
    raw: "health_samples",
    keys: [],
    columns: [
      N,
      ...measure("cpu", "cpu_percent", "max"),
      ...measure("memory", "memory_percent", "max"),
      ...measure("temperature", "temperature_c", "max"),
      ...measure("voltage", "voltage_v", "min", "max"),
      ...measure("clients", "wireless_clients", "max"),
      ...measure("connections", "connections", "max"),
      ...measure("disk", "disk_percent", "max"),
      ...measure("ppp", "ppp_active", "max"),
      ...measure("leases", "dhcp_leases", "max"),
      ...measure("poll", "poll_ms", "max"),
    ],
  },
  {
    name: "interface",
    raw: "interface_samples",
    keys: ["interface"],
    columns: [
      N,
      ...measure("rx", "rx_bps", "max"),
      ...measure("tx", "tx_bps", "max"),
      ...measure("errors", "errors_per_second", "max").slice(1),
      ...measure("drops", "drops_per_second", "max").slice(1),
      merged("up_n", "count(*) filter (where is_running)", "sum"),
      ...measure("rx_pps", "rx_pps", "max"),
      ...measure("tx_pps", "tx_pps", "max"),
    ],
  },
  {
    name: "radio",
    raw: "radio_samples",
    keys: ["interface"],
    columns: [
      N,
      ...measure("clients", "clients", "max").slice(1),
      ...measure("signal", "signal_avg_dbm"),
      merged("signal_min", "min(signal_worst_dbm)", "min"),
      ...measure("noise", "noise_dbm"),
      ...measure("ccq", "ccq_percent", "min"),
    ],
  },
  {
    name: "sensor",
    raw: "sensor_samples",
    keys: ["sensor"],
    columns: [
      ["kind", "min(kind)", "min(kind)"],
      N,
      merged("sum", "sum(value::float8)", "sum"),
      merged("min", "min(value)", "min"),
      merged("max", "max(value)", "max"),
    ],
  },
];

export type RollupTier = "5m" | "1h";
export const BUCKET_MS = { "5m": 300_000, "1h": 3_600_000 } as const;

/** Most that one transaction computes: a long absence is made up in steps. */
const STEP_MS = { "5m": 3_600_000, "1h": 86_400_000 } as const;
/** Where a fresh installation begins. */
const FIRST_MS = 86_400_000;

/**
 * Computes the buckets of a tier that begin in [fromMs, toMs) for one tenant, from the tier below.
 * Running it again gives the same rows. Runs in the tenant's context: `sql` is of `db.tenant`.
 */
export async function rollUp(
  sql: Sql,
  tenantId: TenantId,
  tier: RollupTier,
  fromMs: number,
  toMs: number,
): Promise<void> {
  const from = new Date(fromMs).toISOString();
  const to = new Date(toMs).toISOString();
  for (const { name, raw, keys, columns } of ROLLUPS) {
    const isRaw = tier === "5m";
    const source = isRaw ? raw : `${name}_5m`;
    const time = isRaw ? "sampled_at" : "bucket";
    const key = ["device_id", ...keys].join(", ");
    const names = columns.map(([column]) => column);
    const values = columns.map(([, raw, merged]) => isRaw ? raw : merged);
    // Every name in here comes from the constants above.
    await sql`
      insert into ${sql(`${name}_${tier}`)} (tenant_id, ${sql.unsafe(key)}, bucket, ${
      sql.unsafe(names.join(", "))
    })
      select tenant_id, ${sql.unsafe(key)},
        date_bin(${sql.unsafe(isRaw ? "interval '5 minutes'" : "interval '1 hour'")},
          ${sql.unsafe(time)}, timestamptz '2000-01-01 00:00:00+00') as start,
        ${sql.unsafe(values.join(", "))}
      from ${sql(source)}
      where tenant_id = ${tenantId} and ${sql.unsafe(time)} >= ${from}::text::timestamptz
        and ${sql.unsafe(time)} < ${to}::text::timestamptz
      group by tenant_id, ${sql.unsafe(key)}, start
      on conflict (${sql.unsafe(key)}, bucket) do update
      set ${sql.unsafe(names.map((name) => `${name} = excluded.${name}`).join(", "))}`;
  }
}

/**
 * Brings a tier up to date for every tenant, and two closed buckets before that again: a transaction
 * may commit a sample just after its bucket closed. The watermark goes back when ingest stores a late
 * sample, so that it is computed again from there; answers how far it got, ms since the epoch.
 *
 * Only one process should run it (the caller holds a lock); two do no harm, they waste time.
 */
export async function advanceRollup(
  db: Db,
  tier: RollupTier,
  { tenants, nowMs, signal, keepGoing = () => Promise.resolve(true) }: {
    tenants: readonly TenantId[];
    nowMs: number;
    signal: AbortSignal;
    /** Asked between steps; `false` stops: the lock is lost. */
    keepGoing?: () => Promise<boolean>;
  },
): Promise<number> {
  const width = BUCKET_MS[tier];
  const closedMs = Math.floor(nowMs / width) * width;
  const start = await readWatermark(db, tier, closedMs - FIRST_MS);
  if (start >= closedMs) return start;
  let doneMs = start;
  let fromMs = start - 2 * width;
  while (fromMs < closedMs && !signal.aborted && await keepGoing()) {
    const toMs = Math.min(fromMs + STEP_MS[tier], closedMs);
    for (const tenantId of tenants) {
      await db.tenant(tenantId, (sql) => rollUp(sql, tenantId, tier, fromMs, toMs));
    }
    // Compare and set: ingest may have put it back meanwhile, and then the next run starts there.
    const moved = await db.system(async (sql) => {
      // What was computed again changes the tier above, too.
      if (tier === "5m") await putBack(sql, "1h", fromMs);
      const rows = await sql`
        update rollup_progress set done_until = ${iso(Math.max(toMs, doneMs))}::text::timestamptz
        where rollup = ${tier} and done_until = ${iso(doneMs)}::text::timestamptz
        returning rollup`;
      return rows.length > 0;
    });
    if (!moved) return fromMs;
    doneMs = Math.max(toMs, doneMs);
    fromMs = toMs;
  }
  return doneMs;
}

/** The 1-hour bucket of `fromMs` and what follows is computed again. */
async function putBack(sql: Sql, tier: RollupTier, fromMs: number): Promise<void> {
  const bucket = iso(Math.floor(fromMs / BUCKET_MS[tier]) * BUCKET_MS[tier]);
  await sql`
    update rollup_progress set done_until = ${bucket}::text::timestamptz
    where rollup = ${tier} and done_until > ${bucket}::text::timestamptz`;
}

async function readWatermark(db: Db, tier: RollupTier, firstMs: number): Promise<number> {
  return await db.system(async (sql) => {
    await sql`
      insert into rollup_progress (rollup, done_until)
      values (${tier}, ${iso(firstMs)}::text::timestamptz) on conflict do nothing`;
    const [row] = await sql<{ doneUntil: Date }[]>`
      select done_until as "doneUntil" from rollup_progress where rollup = ${tier}`;
    return row!.doneUntil.getTime();
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
