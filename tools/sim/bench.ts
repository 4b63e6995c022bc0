/**
 * `deno task sim:bench`: what a poll costs the simulator, and what a router weighs. The fleet runs
 * as its own process, so that CPU and memory printed are its own and not the client's.
 *
 * Usage: deno task sim:bench [--routers=1000,5000] [--polls=20000]
 */
import { createInterface } from "node:readline";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import type { ManifestEntry } from "./manifest.ts";
import { TinyClient } from "./tiny_client.ts";

/** What a poller asks each time: about what the product's fast collectors ask. */
const POLL: readonly (readonly string[])[] = [
  ["/system/resource/print"],
  ["/interface/print", "=stats="],
  ["/system/health/print"],
  ["/ip/neighbor/print"],
  ["/ip/firewall/connection/print", "=count-only="],
];

/** User and system CPU seconds, and resident megabytes, of a process (proc(5)). */
async function costOf(pid: number): Promise<{ cpuSeconds: number; megabytes: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    megabytes: kilobytes / 1024,
  };
}

async function measure(count: number, polls: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "tod-sim-bench-"));
  const manifest = join(directory, "fleet.json");
  const child = spawn(Deno.execPath(), [
    ...["run", "-A", "--no-check", new URL("main.ts", import.meta.url).pathname],
    ...["--address-base=127.77.0.0", `--count=${count}`, `--manifest=${manifest}`],
    ...["--json", "--stdin-lifeline"],
  ], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    const began = performance.now();
    const lines = createInterface({ input: child.stdout! });
    const { pid } = JSON.parse((await lines[Symbol.asyncIterator]().next()).value ?? "{}");
    const startMs = performance.now() - began;
    const fresh = await costOf(pid);
    const routers: ManifestEntry[] = JSON.parse(await readFile(manifest, "utf8"));
    const clients: TinyClient[] = [];
    for (const router of routers) {
      const client = await TinyClient.connect(router.port, router.address);
      await client.login(router.username, router.password);
      clients.push(client);
    }
    // Once over the fleet, so that every answer has been encoded.
    for (const client of clients) for (const words of POLL) await client.run(...words);
    const idle = await costOf(pid);
    const received = clients.reduce((sum, client) => sum + client.received, 0);
    let next = 0;
    const from = performance.now();
    const worker = async () => {
      while (next < polls) {
        const client = clients[next++ % clients.length]!;
        for (const words of POLL) await client.run(...words);
      }
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    const seconds = (performance.now() - from) / 1_000;
    const after = await costOf(pid);
    const bytes = clients.reduce((sum, client) => sum + client.received, 0) - received;
    const cpu = after.cpuSeconds - idle.cpuSeconds;
    console.log(
      `${count} routers: up in ${Math.round(startMs)} ms, ${fresh.megabytes.toFixed(0)} MB; ` +
        `connected and polled once ${idle.megabytes.toFixed(0)} MB; ` +
        `${polls} polls of ${POLL.length} commands, ${
          (bytes / polls / 1024).toFixed(1)
        } KiB each: ` +
        `${(polls / seconds).toFixed(0)} polls/s, ` +
        `${(cpu / polls * 1_000).toFixed(2)} CPU-s per 1,000 polls; then ` +
        `${after.megabytes.toFixed(0)} MB`,
    );
    for (const client of clients) client[Symbol.dispose]();
  } finally {
    child.stdin!.end();
    await exited;
    await rm(directory, { recursive: true });
  }
}

const { values } = parseArgs({
  options: {
    routers: { type: "string", default: "1000,5000" },
    polls: { type: "string", default: "20000" },
  },
});
for (const count of values.routers.split(",")) await measure(Number(count), Number(values.polls));
process.exit(0);
