/**
 * `deno task bench:logs`: lines of routers from the UDP port to committed rows, and searches of a log
 * that holds many, in one process on this machine.
 *
 * Options: --rows=10000000 (in the table before the searches) --lines=100000 (sent over UDP)
 */
import dgram from "node:dgram";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PostgresDb } from "@/core/adapters/db_postgres.ts";
import { ADMIN, DATABASE, startEmbeddedPostgres } from "@/core/adapters/embedded_postgres.ts";
import { runMigrations } from "@/core/adapters/open_database.ts";
import { connectPool } from "@/core/adapters/postgres_pool.ts";
import { runLogIngest } from "@/core/device_logs/ingest_logs.ts";
import { listLogs, type LogQuery } from "@/core/device_logs/list_logs.ts";
import { ensureLogPartitions } from "@/core/device_logs/log_partitions.ts";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { openSyslog } from "@/poller/syslog/mod.ts";
import { OwnLogins } from "@/poller/syslog/own_logins.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { silentLog } from "@/tests/support/log.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { machine } from "./support/machine.ts";
import { cpuSeconds } from "./support/process_cpu.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rows: { type: "string", default: "10000000" },
    lines: { type: "string", default: "100000" },
  },
});
const [rows, lines] = [Number(values.rows), Number(values.lines)];
const ownCpu = () => cpuSeconds(({ pid }) => pid === Deno.pid);
const DAYS = 10;
const DAY_MS = 86_400_000;
const ROUNDS = 40;

await using stack = new AsyncDisposableStack();
const directory = await Deno.makeTempDir({ dir: "/tmp", prefix: "tod-bench-" });
await Deno.chmod(directory, 0o755);
stack.defer(() => Deno.remove(directory, { recursive: true }));
const server = await startEmbeddedPostgres({ dataDir: join(directory, "pg"), log: silentLog });
stack.defer(() => server.stop());
const as = (user: string) => ({ socketPath: server.socketPath, user, database: DATABASE });
await runMigrations(as(ADMIN), silentLog);
const db = stack.use(await PostgresDb.open({ app: as("app_user"), poller: as("poller_user") }));
const platform = stack.use(
  await openTestPlatform(db, [
    ...["--syslog-udp-port=0", "--syslog-host=127.0.0.1", "--syslog-lines-per-second=10000"],
  ]),
);
const tenantId = await ensureDefaultTenant(db);
const device = await insertDevice({ db }, tenantId, { address: "127.0.0.1" });
console.log(await machine());

// --- from the port to the table

const now = Date.now();
await ensureLogPartitions(db, now - DAYS * DAY_MS, now + DAY_MS);
const syslog = (await openSyslog(platform, new OwnLogins(platform.clock)))!;
syslog.sync([{ tenantId, deviceId: device, address: "127.0.0.1", isEnabled: true } as PollTarget]);
const stop = new AbortController();
const working = [runLogIngest(platform, stop.signal), syslog.run(stop.signal)];
const socket = dgram.createSocket("udp4");
const count = async () =>
  (await db.tenant(
    tenantId,
    (sql) => sql<{ n: number }[]>`select count(*)::int as n from device_logs`,
  ))[0]!
    .n;
const [cpuBefore, began] = [ownCpu(), performance.now()];
for (let sent = 0; sent < lines; sent += 50) {
  for (let n = sent; n < sent + 50; n++) {
    socket.send(
      `firewall,info input: in:ether1 out:(unknown 0), proto UDP, line ${n}`,
      syslog.ports.udp!,
      "127.0.0.1",
    );
  }
  // As fast as one router may at most: 4,000 lines a second.
  const aheadMs = (sent / 4_000) * 1_000 - (performance.now() - began);
  if (aheadMs > 0) await new Promise((resolve) => setTimeout(resolve, aheadMs));
}
const sentMs = performance.now() - began;
for (let before = -1, stored = 0; stored !== before;) {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  [before, stored] = [stored, await count()];
}
const stored = await count();
console.log(
  `${lines} lines sent in ${(sentMs / 1_000).toFixed(1)} s, ${stored} stored, ` +
    `${((ownCpu() - cpuBefore) / lines * 1e6).toFixed(0)} µs of CPU a line, ` +
    `${(Deno.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB resident`,
);
const metric = async (name: string) =>
  (await platform.registry.getSingleMetric(name)!.get()).values
    .map(({ labels, value }) => `${Object.values(labels).join()} ${value}`.trim()).join(", ");
console.log(
  `received: ${await metric("tod_syslog_received_total")}; accepted: ` +
    `${await metric("tod_syslog_accepted_total")}; dropped: ` +
    `${await metric("tod_syslog_dropped_total") || "none"}`,
);
stop.abort();
await Promise.all(working);
await new Promise<void>((resolve) => socket.close(() => resolve()));

// --- searches of a log that holds many

const admin = connectPool(as(ADMIN), { max: 1, name: "bench", statementTimeoutMs: 0 });
stack.defer(() => admin.end());
const step = rows / DAYS;
for (let day = 0; day < DAYS; day++) {
  await admin`
    insert into device_logs (tenant_id, device_id, at, n, level, topics, message)
    select ${tenantId}, md5((n % 1000)::text)::uuid,
      ${new Date(now - (day + 1) * DAY_MS).toISOString()}::text::timestamptz
        + n * (interval '1 day' / ${step}::int), n,
      case when n % 200 = 0 then 4 else 6 end, array['dhcp'],
      'assigned 10.' || (n % 250) || '.0.' || (n % 250) || ' for 48:A9:8A:00:00:' || n
    from generate_series(1, ${step}::int) as n`;
}
await admin`analyze device_logs`;
const [size] = await admin<{ size: string; n: number }[]>`
  select pg_size_pretty(sum(pg_total_relation_size(inhrelid))) as size,
    (sum(pg_total_relation_size(inhrelid)) / ${rows + stored})::int as n
  from pg_inherits where inhparent = 'device_logs'::regclass`;
console.log(`${rows + stored} lines stored: ${size!.size}, ${size!.n} bytes a line with indexes`);
const [router] = await admin<{ id: string }[]>`select md5('7')::uuid::text as id`;
const searches: [string, LogQuery][] = [
  ["the newest lines", {}],
  ["a page five days back", { to: new Date(now - 5 * DAY_MS).toISOString() }],
  ["one router's newest lines", { deviceId: router!.id }],
  ["warnings or worse", { severity: "warning" }],
  ["a text found often", { q: "10.7.0.7" }],
  ["a text found nowhere, one stretch of 50,000", { q: "nowhere" }],
  ["of one router, a text found nowhere", { deviceId: router!.id, q: "nowhere" }],
  ["of warnings, a text found nowhere", { severity: "warning", q: "nowhere" }],
];
const scope = scopeOf(db, tenantId);
for (const [name, query] of searches) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await listLogs(scope, { ...query, limit: 200 });
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)]!.toFixed(1);
  console.log(`${name}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}
