/**
 * `deno task bench:soak [--routers=1000 --interval=10 --minutes=10]`: the whole product beside the
 * simulator, each a process of its own. Prints whether memory stays flat (first against last minute)
 * and how many polls were missed.
 */
import { parseArgs } from "node:util";
import { startProduct, temporaryDataDir } from "../tests/support/product.ts";
import { machine } from "./support/machine.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    routers: { type: "string", default: "1000" },
    interval: { type: "string", default: "10" },
    minutes: { type: "string", default: "10" },
  },
});
const [routers, interval, minutes] = [values.routers, values.interval, values.minutes].map(Number);
const ROOT = new URL("../", import.meta.url).pathname;
const SAMPLE_MS = 5_000;

interface Router {
  address: string;
  port: number;
  username: string;
  password: string;
}

async function startSimulator(manifest: string) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", "tools/sim/main.ts", `--count=${routers}`],
      ...["--address-base=127.77.0.0", `--manifest=${manifest}`, "--json", "--stdin-lifeline"],
    ],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read(); // the ready line
  return { child, reader };
}

function residentMb(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
}

/** One counter of the Prometheus text, by its exact name and labels. */
function metric(text: string, name: string): number {
  const line = text.split("\n").find((line) => line.startsWith(`${name} `));
  return Number(line?.split(" ")[1] ?? 0);
}

const sum = (text: string, prefix: string) =>
  text.split("\n").filter((line) => line.startsWith(prefix))
    .reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);

const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / Math.max(list.length, 1);

const dir = await temporaryDataDir();
const manifest = `${dir.path}.json`;
const simulator = await startSimulator(manifest);
const product = await startProduct({
  dataDir: dir.path,
  env: { TOD_POLL_INTERVAL_SECONDS: String(interval) },
});
const read = () => fetch(product.metricsUrl).then((answer) => answer.text());
try {
  const list: Router[] = JSON.parse(await Deno.readTextFile(manifest));
  for (const { address, port, username, password } of list) {
    const response = await fetch(`${product.url}/api/devices`, {
      method: "POST",
      headers: { "content-type": "application/json", ...product.user.headers },
      body: JSON.stringify({ address, port, username, password, tlsMode: "plain" }),
    });
    await response.body?.cancel();
    if (response.status !== 201) throw new Error(`cannot add ${address}: ${response.status}`);
  }
  // Every router polled twice: first polls read everything and are not the steady state.
  while (metric(await read(), 'tod_polls_total{outcome="ok"}') < routers! * 3) {
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const before = await read();
  const began = performance.now();
  const memory: { minute: number; simulator: number; product: number }[] = [];
  while (performance.now() - began < minutes! * 60_000) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    memory.push({
      minute: Math.floor((performance.now() - began) / 60_000),
      simulator: residentMb(simulator.child.pid),
      product: metric(await read(), "tod_process_resident_memory_bytes") / 2 ** 20,
    });
  }
  const after = await read();
  const seconds = (performance.now() - began) / 1_000;
  const difference = (name: string) => metric(after, name) - metric(before, name);
  const ok = difference('tod_polls_total{outcome="ok"}');
  const all = sum(after, "tod_polls_total{") - sum(before, "tod_polls_total{");
  const skipped = sum(after, "tod_polls_skipped_total{") - sum(before, "tod_polls_skipped_total{");
  const last = memory.at(-1)!.minute;
  const flat = (who: "simulator" | "product") => {
    const first = mean(memory.filter(({ minute }) => minute === 0).map((one) => one[who]));
    const end = mean(memory.filter(({ minute }) => minute === last).map((one) => one[who]));
    return `${first.toFixed(0)} → ${end.toFixed(0)} MB (${(end / first).toFixed(2)})`;
  };
  console.log(machine());
  console.log(`${routers} routers, every ${interval} s, ${(seconds / 60).toFixed(1)} min`);
  console.log(`polls      ${ok} ok of ${(routers! * seconds / interval!).toFixed(0)} due`);
  console.log(`missed     ${all - ok} failed, ${skipped} skipped`);
  console.log(`stored     ${difference("tod_ingest_samples_total")} samples`);
  console.log(
    `memory, first → last minute: simulator ${flat("simulator")}, product ${flat("product")}`,
  );
  const curve = Array.from({ length: last + 1 }, (_, at) => at)
    .filter((at) => at % Math.max(Math.floor(last / 10), 1) === 0)
    .map((at) => mean(memory.filter(({ minute }) => minute === at).map(({ product }) => product)));
  console.log(`product over time ${curve.map((mb) => mb.toFixed(0)).join(" ")} MB`);
  console.log(`logins     ${difference("tod_poller_logins_total")} in that time`);
} finally {
  await product.stop();
  await simulator.child.stdin.close();
  await simulator.reader.cancel();
  await simulator.child.status;
  await Deno.remove(manifest).catch(() => {});
  await dir[Symbol.asyncDispose]();
}
