/**
 * `deno task bench:wire`: what the RouterOS client costs, on this machine, beside node-routeros on
 * the same server. Options: --sessions=2000 --seconds=5 --only=plain,tls --payload=router|long-words
 */
import { parseArgs } from "node:util";
import { machine } from "./support/machine.ts";
import type { PollFigures } from "./support/wire_client.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    sessions: { type: "string", default: "2000" },
    seconds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    payload: { type: "string", default: "router" },
  },
});
const only = values.only === "" ? undefined : new Set(values.only.split(","));
const here = import.meta.dirname!;
Deno.env.set("TOD_BENCH_PAYLOAD", values.payload);

function makeCertificate(dir: string): [certFile: string, keyFile: string] {
  const files: [string, string] = [`${dir}/router.crt`, `${dir}/router.key`];
  // deno-fmt-ignore: an openssl command line
  const { success } = new Deno.Command("openssl", { args: ["req", "-x509", "-newkey", "rsa:2048",
    "-nodes", "-days", "2", "-subj", "/CN=router", "-out", files[0], "-keyout", files[1]],
    stderr: "null" }).outputSync();
  if (!success) throw new Error("Cannot make a certificate: is openssl installed?");
  return files;
}

async function startServer(files: string[]) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${here}/support/wire_server.ts`, ...files],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const { value } = await child.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  return { child, ports: JSON.parse(value ?? "") as { plain: number; tls: number } };
}

/** Runs a scenario in a process of its own: clean memory, and a crash is its alone. */
async function measure<Figures>(name: string, port: number): Promise<Figures | string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--v8-flags=--expose-gc",
      `${here}/support/wire_client.ts`,
      name,
      String(port),
      values.sessions,
      values.seconds,
    ],
  }).output();
  const text = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
  if (code === 0 && text.startsWith("{")) return JSON.parse(text) as Figures;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  return `ended with code ${code}: ${lines.find((line) => /rror/.test(line)) ?? lines[0]}`;
}

const row = (cells: (string | number)[]) =>
  console.log(
    cells.map((cell, i) => i === 0 ? String(cell).padEnd(30) : String(cell).padStart(11)).join(""),
  );

function printPolls(label: string, figures: PollFigures | string) {
  if (typeof figures === "string") return row([label, figures]);
  row([
    label,
    figures.pollsPerSecond.toFixed(0),
    figures.cpuPerThousand.toFixed(3),
    `${figures.rssIdleMb.toFixed(0)}>${figures.rssBusyMb.toFixed(0)}`,
    figures.lagP50Ms.toFixed(1),
    figures.lagP99Ms.toFixed(1),
    figures.pollP50Ms.toFixed(1),
    figures.pollP99Ms.toFixed(1),
    figures.connectSeconds.toFixed(1),
  ]);
}

const dir = Deno.makeTempDirSync({ prefix: "tod-bench-" });
const { child, ports } = await startServer(makeCertificate(dir));
try {
  console.log(machine());
  console.log(
    `${values.sessions} persistent sessions, 5 tagged commands and about 19 KB a poll (${values.payload})`,
  );
  row([
    "",
    "polls/s",
    "CPU-s/1000",
    "RSS MB",
    "lag p50",
    "lag p99",
    "poll p50",
    "poll p99",
    "open s",
  ]);
  const figures = new Map<string, PollFigures | string>();
  for (
    const [name, label, port] of [
      ["plain", "plain, saturated", ports.plain],
      ["bare", "bare socket and word loop", ports.plain],
      ["plain-2", "plain, 2 in flight", ports.plain],
      ["tls", "TLS, saturated", ports.tls],
      ["plain-paced", "plain, each every 10 s", ports.plain],
      ["bare-paced", "bare socket, each every 10 s", ports.plain],
      ["tls-paced", "TLS, each every 10 s", ports.tls],
      ["node-routeros", "node-routeros, saturated", ports.plain],
    ] as const
  ) {
    if (only && !only.has(name)) continue;
    const measured = await measure<PollFigures>(name, port);
    figures.set(name, measured);
    printPolls(label, measured);
  }
  const [own, other] = [figures.get("plain"), figures.get("node-routeros")];
  if (typeof own === "object" && typeof other === "object") {
    const times = own.pollsPerSecond / other.pollsPerSecond;
    const cheaper = other.cpuPerThousand / own.cpuPerThousand;
    console.log(
      `against node-routeros: ${times.toFixed(1)} times the polls, 1/${
        cheaper.toFixed(1)
      } of the CPU`,
    );
  }
  for (const name of ["latency", "node-routeros-latency", "long-table", "failing"]) {
    if (only && !only.has(name)) continue;
    console.log(`${name.padEnd(30)}${JSON.stringify(await measure(name, ports.plain))}`);
  }
} finally {
  child.kill("SIGKILL");
  await child.status;
  Deno.removeSync(dir, { recursive: true });
}
