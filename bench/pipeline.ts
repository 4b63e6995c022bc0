/**
 * `deno task bench:pipeline`: the way of a sample end to end (poll → bus → ingest → committed rows) in
 * one product process, 10 interfaces a router, on this machine.
 *
 * Options: --mode=embedded|server (memory bus + embedded PostgreSQL, or NATS + PostgreSQL over TCP)
 * --source=poll|synthetic --routers=1000 --rate=1000 (polls a second) --seconds=120
 * --clients=0 (synthetic: devices behind each router, a quarter on a radio; told as every 30th poll
 * tells them, radios at every poll; one in fifty moves each time)
 */
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { readConfig } from "@/core/config.ts";
import { ADMIN, DATABASE, startEmbeddedPostgres } from "@/core/adapters/embedded_postgres.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { runIngest } from "@/core/metrics/ingest.ts";
import { keepHouse } from "@/core/metrics/jobs.ts";
import { openPlatform, type Platform } from "@/core/platform.ts";
import { PERMISSIONS, type Scope, type TenantId } from "@/core/scope.ts";
import type { DeviceSample } from "@/core/contract/sample.ts";
import { subjects } from "@/core/subjects.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { startPoller } from "@/poller/mod.ts";
import type { ManifestEntry } from "@/tools/sim/manifest.ts";
import { silentLog } from "@/tests/support/log.ts";
import { freePort } from "@/tests/support/ports.ts";
import { makeInterface, makeSample } from "@/tests/support/samples.ts";
import { EventLoopLag } from "./support/event_loop_lag.ts";
import { machine } from "./support/machine.ts";
import { cpuSeconds } from "./support/process_cpu.ts";
import { profileParts } from "./support/profile_parts.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    mode: { type: "string", default: "embedded" },
    source: { type: "string", default: "poll" },
    routers: { type: "string", default: "1000" },
    rate: { type: "string", default: "1000" },
    seconds: { type: "string", default: "120" },
    clients: { type: "string", default: "0" },
  },
});
const [routers, rate, seconds] = [values.routers, values.rate, values.seconds].map(Number) as [
  number,
  number,
  number,
];
const INTERFACES = 10;
const clients = Number(values.clients);
const SLOW_EVERY = 30;
const encoder = new TextEncoder();

await using stack = new AsyncDisposableStack();
const directory = await Deno.makeTempDir({ dir: "/tmp", prefix: "tod-bench-" });
await Deno.chmod(directory, 0o755);
stack.defer(() => Deno.remove(directory, { recursive: true }));

/** Settings of the distributed form, with its servers started on free ports. */
async function startServers(): Promise<string[]> {
  const [port, natsPort] = [await freePort(), await freePort()];
  const password = crypto.randomUUID();
  const dataDir = join(directory, "pg");
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, tcp: { port, password } });
  stack.defer(() => server.stop());
  const nats = new Deno.Command("nats-server", {
    args: ["-a", "127.0.0.1", "-p", `${natsPort}`, "-js", "-sd", join(directory, "nats")],
    stdout: "null",
    stderr: "null",
  }).spawn();
  stack.defer(async () => {
    nats.kill("SIGTERM");
    await nats.status;
  });
  for (let tries = 0;; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port: natsPort })).close();
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const url = (user: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${DATABASE}`;
  return [
    `--database-url=${url("app_user")}`,
    `--database-poller-url=${url("poller_user")}`,
    `--database-admin-url=${url(ADMIN)}`,
    `--nats-url=nats://127.0.0.1:${natsPort}`,
  ];
}

let simulatorPid: number | undefined;

async function startSimulator(): Promise<ManifestEntry[]> {
  const manifest = join(directory, "fleet.json");
  const args = ["run", "-A", join(import.meta.dirname!, "../tools/sim/main.ts"), "--json"];
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...args,
      "--address-base=127.78.0.0",
      `--count=${routers}`,
      // Eight ports, a cage and a bridge: ten interfaces.
      "--boards=rb5009",
      "--versions=7.18.2",
      `--manifest=${manifest}`,
      "--stdin-lifeline",
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  simulatorPid = child.pid;
  stack.defer(async () => {
    await child.stdin.close();
    await child.status;
  });
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes('"ready":true')) {
    const { value, done } = await output.read();
    if (done) throw new Error("The simulator ended before it was ready");
    text += value;
  }
  stack.defer(() => output.cancel());
  return JSON.parse(await Deno.readTextFile(manifest));
}

async function adopt(platform: Platform, tenantId: TenantId, source: string): Promise<string[]> {
  const scope: Scope = {
    db: platform.db,
    tenantId,
    actor: "system:bench",
    permissions: new Set(PERMISSIONS),
  };
  const fleet: Pick<ManifestEntry, "address" | "port" | "username" | "password">[] =
    source === "poll" ? await startSimulator() : Array.from({ length: routers }, (_, i) => ({
      address: `127.79.${i >> 8}.${i & 255}`,
      port: 8728,
      username: "tod",
      password: "x",
    }));
  const ids: string[] = [];
  for (const { address, port, username, password } of fleet) {
    const device = await addDevice(scope, platform, {
      address,
      port,
      username,
      password,
      tlsMode: "plain",
      region: "default",
    });
    ids.push(device.id);
  }
  return ids;
}

/** Publishes samples at the rate, as many as are due at each tick; answers how many. */
async function publishSynthetic(
  { bus }: Platform,
  tenantId: TenantId,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const began = performance.now();
  let sent = 0;
  while (!signal.aborted) {
    const due = Math.floor((performance.now() - began) / 1_000 * rate);
    const publishing: Promise<void>[] = [];
    for (; sent < due; sent++) {
      const id = ids[sent % ids.length]!;
      const step = Math.floor(sent / ids.length);
      const sample = makeSample(id, Date.now(), {
        ...(clients > 0 && clientsOf(sent % ids.length, step)),
        interfaces: Array.from(
          { length: INTERFACES },
          (_, i) => makeInterface(`ether${i + 1}`, step * 1_000_000, step * 2_000_000),
        ),
      });
      publishing.push(
        bus.publish(subjects.report(tenantId, id), encoder.encode(JSON.stringify(sample))),
      );
    }
    await Promise.all(publishing);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return sent;
}

/** Who is behind a router: radios at every poll, all tables at each thirtieth. */
function clientsOf(router: number, step: number): Partial<DeviceSample> {
  const rows = Array.from({ length: clients }, (_, i) => {
    const hex = (router * clients + i).toString(16).toUpperCase().padStart(8, "0").match(/../g)!;
    const hasMoved = (i + Math.floor(step / SLOW_EVERY)) % 50 === 0;
    return {
      macAddress: `A4:CF:${hex.join(":")}`,
      addresses: [`10.${router >> 8}.${router & 255}.${i & 255}`],
      ...{ interface: "bridge", port: `ether${1 + (i + Number(hasMoved)) % 8}` },
      ...{ hostName: `pc-${i}`, lease: { status: "bound", isReserved: false }, isHere: true },
    };
  });
  const radio = rows.slice(0, clients >> 2).map(({ macAddress }) => ({
    ...{ interface: "wifi1", macAddress, ssid: "office", signalDbm: -60, snrDb: 40 },
    ...{ ccqPercent: null, txRateBps: 1e8, rxRateBps: 1e8, uptimeSeconds: step, lastIp: null },
  }));
  return {
    wireless: { drivers: ["wifi"], radios: [], clients: radio },
    ...(step % SLOW_EVERY === router % SLOW_EVERY && { clients: { clients: rows, isCut: false } }),
  };
}

/** The sum of a counter's or histogram's samples, by label values. */
async function metric(platform: Platform, name: string, suffix = ""): Promise<Map<string, number>> {
  const found = await platform.registry.getSingleMetric(name)?.get();
  return new Map(
    (found?.values ?? [])
      .filter((value) => suffix === "" || ("metricName" in value && value.metricName === suffix))
      .map(({ labels, value }) => [Object.values(labels).join(" ") || "all", value]),
  );
}
const total = (values: Map<string, number>) => [...values.values()].reduce((a, b) => a + b, 0);

const settings = values.mode === "server" ? await startServers() : [];
const interval = Math.max(Math.round(routers / rate), 1);
const config = readConfig({
  env: {},
  args: [
    "--role=api,poller",
    `--data-dir=${join(directory, "data")}`,
    `--poll-interval-seconds=${interval}`,
    ...settings,
  ],
});
const platform = stack.use(await openPlatform(config, silentLog));
await keepHouse(platform);
const tenantId = await ensureDefaultTenant(platform.db);
console.log(`adopting ${routers} routers …`);
const ids = await adopt(platform, tenantId, values.source);

const stopIngest = new AbortController();
const ingest = runIngest(platform, stopIngest.signal);
const stopSource = new AbortController();
const source = values.source === "poll"
  ? startPoller(platform, stopSource.signal).then(() => 0)
  : publishSynthetic(platform, tenantId, ids, stopSource.signal);
// Sessions are opened and caches filled before the clock starts.
await new Promise((resolve) => setTimeout(resolve, values.source === "poll" ? 10_000 : 2_000));

const count = async () => ({
  polls: total(await metric(platform, "tod_polls_total")),
  samples: total(await metric(platform, "tod_ingest_samples_total")),
  rows: total(await metric(platform, "tod_ingest_rows_total")),
  stages: await metric(platform, "tod_ingest_stage_seconds_total"),
  simulator: simulatorPid === undefined ? 0 : cpuSeconds((process) => process.pid === simulatorPid),
  postgres: cpuSeconds(({ name }) => name === "postgres"),
  nats: cpuSeconds(({ name }) => name === "nats-server"),
});
const before = await count();
const lag = new EventLoopLag();
const cpu = process.cpuUsage();
const began = performance.now();
let peakRss = 0;
const watch = async (until: number) => {
  while (performance.now() - began < until * 1_000) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    peakRss = Math.max(peakRss, Deno.memoryUsage().rss);
  }
};
await watch(seconds);
const elapsed = (performance.now() - began) / 1_000;
const used = process.cpuUsage(cpu);
const late = lag.stop();
const after = await count();
// Behind the measurement, since a profiler costs time and memory of its own.
const parts = await profileParts(5_000);

stopSource.abort();
const sent = await source;
// What was polled must arrive: wait until the bus is empty, for half a minute at most.
for (let tries = 0; tries < 300; tries++) {
  if ((await platform.bus.check()).pending === 0) break;
  await new Promise((resolve) => setTimeout(resolve, 100));
}
stopIngest.abort();
await ingest;
const [stored] = await platform.db.tenant(
  tenantId,
  (sql) =>
    sql<{ health: number; interfaces: number }[]>`
    select (select count(*)::int from health_samples) as health,
      (select count(*)::int from interface_samples) as interfaces`,
);
const outcomes = await metric(platform, "tod_polls_total");
const published = values.source === "poll"
  ? [...outcomes].filter(([label]) => /\bok\b/.test(label)).reduce((sum, [, n]) => sum + n, 0)
  : sent;
const per = (value: number) => (value / elapsed).toFixed(0);
const stage = (name: string) =>
  `${
    (((after.stages.get(name) ?? 0) - (before.stages.get(name) ?? 0)) / elapsed * 100).toFixed(0)
  } %`;
console.log(machine());
console.log(
  `${values.mode}, ${values.source}: ${routers} routers, wanted ${rate} polls/s, ${
    elapsed.toFixed(0)
  } s`,
);
console.log(`samples committed  ${per(after.samples - before.samples)} /s`);
console.log(`rows committed     ${per(after.rows - before.rows)} /s`);
console.log(
  `event-loop lag     p50 ${late.p50.toFixed(1)} ms, p99 ${late.p99.toFixed(1)} ms, max ${
    late.max.toFixed(0)
  } ms`,
);
console.log(`RSS peak           ${(peakRss / 2 ** 20).toFixed(0)} MiB`);
console.log(
  `process CPU        ${((used.user + used.system) / 1e4 / elapsed).toFixed(0)} % of a core`,
);
console.log(
  `ingest writers     parse ${stage("parse")}, database ${
    stage("database")
  } (encode + wait), publish ${stage("publish")}, clients ${stage("clients")} of wall time`,
);
const cores = (name: "simulator" | "postgres" | "nats") =>
  `${((after[name] - before[name]) / elapsed * 100).toFixed(0)} %`;
console.log(
  `beside it          simulator ${cores("simulator")}, PostgreSQL ${cores("postgres")}, NATS ${
    cores("nats")
  } of a core`,
);
console.log(
  `product by part    ${
    parts.map(({ name, share }) => `${name} ${(share * 100).toFixed(0)} %`).join(", ")
  } of the main thread`,
);
console.log(`polls by outcome   ${JSON.stringify(Object.fromEntries(outcomes))}`);
console.log(
  `whole run          ${published} published, ${stored!.health} committed, lost ${
    published - stored!.health
  }; ${stored!.interfaces} interface rows`,
);
