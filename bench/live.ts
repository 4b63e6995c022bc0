/**
 * `deno task bench:live`: how long a reading takes to the browsers that look at the fleet, and what
 * they cost. Devices report through the bus and the real ingest; readers are processes apart, over real
 * sockets. Then some readers stop reading, and memory must not care.
 *
 * Options: --readers=1000 --devices=1000 --interval=10 --seconds=60 --processes=2 --stalled=50
 */
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { openAuth } from "@/core/auth/open_auth.ts";
import { readConfig } from "@/core/config.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { runIngest } from "@/core/metrics/ingest.ts";
import { keepHouse } from "@/core/metrics/jobs.ts";
import { openPlatform, type Platform } from "@/core/platform.ts";
import { PERMISSIONS, type TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { makeUser, signIn } from "@/tests/support/identity.ts";
import { silentLog } from "@/tests/support/log.ts";
import { makeInterface, makeSample } from "@/tests/support/samples.ts";
import { EventLoopLag, quantile } from "./support/event_loop_lag.ts";
import { machine } from "./support/machine.ts";
import { cpuSeconds } from "./support/process_cpu.ts";
import { keyOf, type Received } from "./support/sse_readers.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    readers: { type: "string", default: "1000" },
    devices: { type: "string", default: "1000" },
    interval: { type: "string", default: "10" },
    seconds: { type: "string", default: "60" },
    processes: { type: "string", default: "2" },
    stalled: { type: "string", default: "50" },
  },
});
const [readers, devices, interval, seconds, processes, stalled] = [
  values.readers,
  values.devices,
  values.interval,
  values.seconds,
  values.processes,
  values.stalled,
].map(Number) as [number, number, number, number, number, number];
const INTERFACES = 10;
const encoder = new TextEncoder();
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

await using stack = new AsyncDisposableStack();
const directory = await Deno.makeTempDir({ dir: "/tmp", prefix: "tod-bench-" });
await Deno.chmod(directory, 0o755);
stack.defer(() => Deno.remove(directory, { recursive: true }));
const config = readConfig({
  env: {},
  args: ["--role=api,poller", `--data-dir=${join(directory, "data")}`],
});
const platform = stack.use(await openPlatform(config, silentLog));
await keepHouse(platform);
const tenantId = await ensureDefaultTenant(platform.db);

async function adopt(): Promise<string[]> {
  const scope = {
    ...{ db: platform.db, tenantId, actor: "system:bench" },
    permissions: new Set(PERMISSIONS),
  };
  const ids: string[] = [];
  for (let index = 0; index < devices; index += 1) {
    const device = await addDevice(scope, platform, {
      ...{ address: `127.79.${index >> 8}.${index & 255}`, port: 8728, region: "default" },
      ...{ username: "tod", password: "x", tlsMode: "plain" },
    });
    ids.push(device.id);
  }
  return ids;
}

/** Each device once an interval, spread evenly. */
async function report(
  { bus }: Platform,
  tenantId: TenantId,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  for (let sent = 0; !signal.aborted; await sleep(5)) {
    const due = Math.floor((performance.now() - began) / 1_000 * (devices / interval));
    for (; sent < due; sent += 1) {
      const id = ids[sent % ids.length]!;
      const step = Math.floor(sent / ids.length);
      const sample = makeSample(id, Date.now(), {
        interfaces: Array.from(
          { length: INTERFACES },
          (_, index) => makeInterface(`ether${index + 1}`, step * 1_000_000, step * 2_000_000),
        ),
      });
      await bus.publish(subjects.report(tenantId, id), encoder.encode(JSON.stringify(sample)));
    }
  }
}

const ids = await adopt();
const http = stack.use(createHttpApp(platform));
const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, http.app.fetch);
stack.defer(() => server.shutdown());
const auth = openAuth(platform);
const { result } = await signIn(auth, await makeUser(auth, tenantId));
if (result.next !== "done") throw new Error("asked for a second factor");
const cookie = `tod_session=${result.tokens.access}`;

/** A process of readers; `read` answers what they received since the last time. */
async function startReaders(count: number, isStalled: boolean) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", join(import.meta.dirname!, "support/sse_readers.ts")],
      ...[`--port=${server.addr.port}`, `--count=${count}`, `--cookie=${cookie}`],
      ...(isStalled ? ["--stalled"] : []),
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";
  const line = async (): Promise<string> => {
    while (!buffered.includes("\n")) {
      const { value, done } = await lines.read();
      if (done) throw new Error("The readers ended");
      buffered += value;
    }
    const at = buffered.indexOf("\n");
    const text = buffered.slice(0, at);
    buffered = buffered.slice(at + 1);
    return text;
  };
  await line(); // every reader has its stream
  return {
    pid: child.pid,
    async read(): Promise<Received> {
      await writer.write(encoder.encode("?\n"));
      return JSON.parse(await line());
    },
    async stop() {
      await writer.close();
      await child.status;
      await lines.cancel();
    },
  };
}

const stopIngest = new AbortController();
const ingest = runIngest(platform, stopIngest.signal);
const stopReports = new AbortController();
const reports = report(platform, tenantId, ids, stopReports.signal);

/** When each live message was made, by the key that readers know it by. */
const made = new Map<string, number>();
const stopWatching = new AbortController();
const watching = (async () => {
  const options = { capacity: 1_000, signal: stopWatching.signal };
  const decoder = new TextDecoder();
  for await (const { data } of platform.bus.listen(subjects.live(tenantId), options)) {
    const key = keyOf(decoder.decode(data.subarray(0, 600)));
    if (key) made.set(key, performance.timeOrigin + performance.now());
  }
})();

const rss = () => (Deno.memoryUsage().rss / 2 ** 20).toFixed(0);
const cell = (value: number) => value.toFixed(0).padStart(7);
const row = (label: string, took: number[]) =>
  console.log(
    label.padEnd(34) + [0.5, 0.95, 0.99, 1].map((q) => cell(quantile(took, q))).join(""),
  );

await sleep(2_000);
console.log(machine());
console.log(
  `${readers} readers in ${processes} processes, ${devices} devices every ${interval} s`,
);
console.log(`RSS before ${rss()} MiB`);
const groups = [];
for (let index = 0; index < processes; index += 1) {
  groups.push(await startReaders(Math.ceil(readers / processes), false));
}
await sleep(2_000);
for (const group of groups) await group.read();
const lag = new EventLoopLag();
const cpu = process.cpuUsage();
const postgres = cpuSeconds(({ name }) => name === "postgres");
const began = performance.now();
await sleep(seconds * 1_000);
const elapsed = (performance.now() - began) / 1_000;
const used = process.cpuUsage(cpu);
const late = lag.stop();
const usedByPostgres = cpuSeconds(({ name }) => name === "postgres") - postgres;
const fromBroadcast: number[] = [];
const fromReport: number[] = [];
const spread: number[] = [];
let [messages, bytes, resets] = [0, 0, 0];
const received = await Promise.all(groups.map((group) => group.read()));
for (const part of received) {
  bytes += part.bytes;
  resets += part.resets;
  for (const [key, times] of Object.entries(part.times)) {
    const madeAt = made.get(key);
    messages += times.length;
    if (madeAt === undefined) continue;
    const reportedAt = Date.parse(key.split(" ")[1]!);
    for (const at of times) {
      fromBroadcast.push(at - madeAt);
      fromReport.push(at - reportedAt);
    }
    spread.push(Math.max(...times) - Math.min(...times));
  }
}
console.log(`\n${"ms".padEnd(34)}    p50    p95    p99    max`);
row("committed → reader", fromBroadcast);
row("reported → reader (batch, commit)", fromReport);
row("first → last reader of a process", spread);
console.log(
  `${(messages / elapsed).toFixed(0)} messages/s to readers, ` +
    `${(bytes / elapsed / 2 ** 20).toFixed(1)} MiB/s, ${resets} resets`,
);
console.log(
  `event-loop lag p50 ${late.p50.toFixed(1)} ms, p99 ${late.p99.toFixed(1)} ms, max ${
    late.max.toFixed(0)
  } ms; process ${((used.user + used.system) / 1e4 / elapsed).toFixed(0)} % of a core, ` +
    `PostgreSQL ${(usedByPostgres / elapsed * 100).toFixed(0)} %`,
);
console.log(`RSS with readers ${rss()} MiB`);

/** Memory over a minute: what grows anyway is told from what stalled readers hold. */
async function watchMemory(label: string): Promise<void> {
  const began = Deno.memoryUsage();
  const seen: string[] = [];
  for (let part = 0; part < 6; part += 1) {
    await sleep(Math.max(seconds, 60) * 1_000 / 6);
    seen.push(rss());
  }
  const grown = (Deno.memoryUsage().rss - began.rss) / 2 ** 20;
  const streams = (await platform.registry.getSingleMetric("tod_live_streams")?.get())?.values[0];
  console.log(
    `${label}: RSS ${seen.join(" ")} MiB (${grown.toFixed(0)} more), ${streams?.value} streams`,
  );
}

if (stalled > 0) {
  console.log("");
  await watchMemory("as before");
  const stuck = await startReaders(stalled, true);
  await watchMemory(`${stalled} more that never read`);
  await stuck.stop();
}
stopReports.abort();
await reports;
for (const group of groups) await group.stop();
stopWatching.abort();
stopIngest.abort();
await Promise.all([watching, ingest]);
console.log(`RSS without readers ${rss()} MiB`);
