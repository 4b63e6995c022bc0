/**
 * `deno task bench:backup`: one process backs up a fleet of simulated routers over SSH, twice: first
 * everything is new, then nothing has changed. One router in twenty is broken: its export is cut,
 * empty or partial, or the router hangs or refuses. Fails when anything of those was taken for a whole
 * configuration, when a sound router has none, or when a content holds less than its router does.
 *
 * Options: --routers=1000 --items=200 (address-list items on each beside what the board has)
 */
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { openContent } from "@/core/configs/content.ts";
import { runBackupJobs } from "@/core/configs/jobs.ts";
import { backUpEverything } from "@/core/configs/order_backups.ts";
import { searchConfigs } from "@/core/configs/search.ts";
import { readConfig } from "@/core/config.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { openPlatform } from "@/core/platform.ts";
import { PERMISSIONS, type Scope } from "@/core/scope.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { startPoller } from "@/poller/mod.ts";
import { silentLog } from "@/tests/support/log.ts";
import type { FleetEntry } from "./support/backup_fleet.ts";
import { EventLoopLag } from "./support/event_loop_lag.ts";
import { machine } from "./support/machine.ts";
import { cpuSeconds } from "./support/process_cpu.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    routers: { type: "string", default: "1000" },
    items: { type: "string", default: "200" },
  },
});
const TARGET_SECONDS = 600;

await using stack = new AsyncDisposableStack();
const directory = await Deno.makeTempDir({ dir: "/tmp", prefix: "tod-bench-" });
await Deno.chmod(directory, 0o755);
stack.defer(() => Deno.remove(directory, { recursive: true }));

console.log(machine());
const [load] = Deno.loadavg();
console.log(`load average before it ${load!.toFixed(1)}`);

const manifest = join(directory, "fleet.json");
const program = join(import.meta.dirname!, "support/backup_fleet.ts");
const simulator = new Deno.Command(Deno.execPath(), {
  args: [
    ...["run", "-A", "--no-check", program, `--count=${values.routers}`],
    ...[`--items=${values.items}`, `--manifest=${manifest}`],
  ],
  stdin: "piped",
  stdout: "piped",
}).spawn();
stack.defer(async () => {
  await simulator.stdin.close();
  await simulator.status;
});
const output = simulator.stdout.getReader();
stack.defer(() => output.cancel());
if ((await output.read()).done) throw new Error("The simulator ended before it was ready");
const fleet: FleetEntry[] = JSON.parse(await Deno.readTextFile(manifest));

const config = readConfig({
  env: {},
  args: [
    ...["--role=api,poller", `--data-dir=${join(directory, "data")}`],
    // Polls are measured elsewhere.
    "--poll-interval-seconds=86400",
  ],
});
const platform = stack.use(await openPlatform(config, silentLog));
const { db, kms } = platform;
const tenantId = await ensureDefaultTenant(db);
const scope: Scope = {
  ...{ db, tenantId, actor: "system:bench", permissions: new Set(PERMISSIONS) },
};
const entries = new Map<string, FleetEntry>();
for (const entry of fleet) {
  const { address, port, sshPort, username, password } = entry;
  const device = await addDevice(scope, platform, {
    ...{ address, port, sshPort, username, password, tlsMode: "plain", region: "default" },
  });
  entries.set(device.id, entry);
}

const deps = { ...platform, backupHour: config.backups.hour };
const stop = new AbortController();
const poller = startPoller(platform, stop.signal);
const began = new Date();
await backUpEverything(scope, deps);
const jobs = runBackupJobs(platform, stop.signal);

interface Round {
  seconds: number;
  cpu: number;
  postgres: number;
  simulator: number;
  peakRss: number;
  lagP99: number;
}

const usage = () => ({
  at: performance.now(),
  cpu: process.cpuUsage(),
  postgres: cpuSeconds(({ name }) => name === "postgres"),
  simulator: cpuSeconds(({ pid }) => pid === simulator.pid),
});

/** Until each router was tried since `since`. */
async function round(since: Date): Promise<Round> {
  const before = usage();
  const lag = new EventLoopLag();
  let peakRss = 0;
  for (let left = 1; left > 0;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    peakRss = Math.max(peakRss, Deno.memoryUsage().rss);
    const [row] = await db.tenant(tenantId, (sql) =>
      sql<{ left: number }[]>`
        select count(*)::int as left from devices d left join config_backups b
          on b.tenant_id = d.tenant_id and b.device_id = d.id
        where b.tried_at is null or b.tried_at < ${since}`);
    left = row!.left;
  }
  const after = usage();
  const { user, system } = process.cpuUsage(before.cpu);
  return {
    seconds: (after.at - before.at) / 1_000,
    cpu: (user + system) / 1e6,
    postgres: after.postgres - before.postgres,
    simulator: after.simulator - before.simulator,
    ...{ peakRss, lagP99: lag.stop().p99 },
  };
}

const first = await round(began);
const again = new Date();
await backUpEverything(scope, deps);
const second = await round(again);
stop.abort();
await Promise.all([poller, jobs]);
const searchBegan = performance.now();
const found = await searchConfigs(scope, platform, { q: "address-list list3 customer 10," });
const searchMs = performance.now() - searchBegan;

interface Kept {
  deviceId: string;
  contentId: string;
  ciphertext: Uint8Array;
  textBytes: number;
  isPartial: boolean;
}
const kept = await db.tenant(tenantId, (sql) =>
  sql<Kept[]>`
    select v.device_id as "deviceId", c.id as "contentId", c.ciphertext, c.text_bytes as "textBytes",
      v.failed_menus <> '{}' as "isPartial"
    from config_versions v
    join config_contents c on c.tenant_id = v.tenant_id and c.id = v.content_id`);
const wrong: string[] = [];
for (const { deviceId, contentId, ciphertext, isPartial } of kept) {
  const { fault, commands } = entries.get(deviceId)!;
  if (fault !== null && !(fault === "partial" && isPartial)) wrong.push(`${fault} was accepted`);
  if (fault !== null) continue;
  const text = await openContent(kms, tenantId, contentId, ciphertext);
  const found = parseExport(text).entries.length;
  if (isPartial || found !== commands) wrong.push(`${found} commands of ${commands}`);
}
const sound = [...entries].filter(([, { fault }]) => fault === null).map(([id]) => id);
const missing = sound.filter((id) => !kept.some(({ deviceId }) => deviceId === id));
const faulty = [...entries.values()].map(({ fault }) => fault).filter((fault) => fault !== null);
const sum = (of: (one: Kept) => number) => kept.reduce((total, one) => total + of(one), 0);
const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;
const [disk] = await db.tenant(tenantId, (sql) =>
  sql<{ bytes: number }[]>`
    select (pg_total_relation_size('config_contents') + pg_total_relation_size('config_versions')
      + pg_total_relation_size('config_backups'))::float8 as bytes`);
const tell = (name: string, { seconds, cpu, postgres, simulator, peakRss, lagP99 }: Round) =>
  console.log(
    `${name.padEnd(22)} ${seconds.toFixed(0)} s, CPU ${cpu.toFixed(0)} s (beside it PostgreSQL ` +
      `${postgres.toFixed(0)} s, simulator ${simulator.toFixed(0)} s), RSS peak ` +
      `${mib(peakRss)}, event-loop lag p99 ${lagP99.toFixed(0)} ms`,
  );
const text = sum(({ textBytes }) => textBytes);
console.log(`${fleet.length} routers, ${faulty.length} of them faulty: ${tallied(faulty)}`);
tell("first time", first);
tell("again, unchanged", second);
console.log(`read, both times       ${mib(text * 2)}`);
console.log(`after deduplication    ${mib(text)}`);
console.log(`compressed, encrypted  ${mib(sum(({ ciphertext }) => ciphertext.length))}`);
console.log(`on disk, with indexes  ${mib(disk!.bytes)}`);
console.log(
  `search of all          ${
    searchMs.toFixed(0)
  } ms, ${found.items.length} lines in ${found.searched}`,
);
console.log(`accepted wrongly       ${wrong.length}${wrong.length ? `: ${tallied(wrong)}` : ""}`);
console.log(`sound without backup   ${missing.length}`);
const isFast = first.seconds <= TARGET_SECONDS;
console.log(`target                 ${TARGET_SECONDS} s: ${isFast ? "met" : "missed"}`);
if (wrong.length > 0 || missing.length > 0 || !isFast) Deno.exitCode = 1;

function tallied(words: readonly string[]): string {
  const groups = Map.groupBy(words, (word) => word);
  return [...groups].map(([word, all]) => `${all.length} ${word}`).join(", ");
}
