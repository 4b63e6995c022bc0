/**
 * `deno task sim`: a fleet of simulated routers as a program of its own. Loopback only. See
 * {@linkcode USAGE} for its flags and for the lines it takes on stdin.
 */
import { createInterface } from "node:readline";
import process from "node:process";
import { startChaos } from "./chaos.ts";
import { runLine } from "./console.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { manifestOf, writeManifest } from "./manifest.ts";
import { readOptions, type SimOptions, USAGE } from "./options.ts";

const stop = new AbortController();

function say(options: SimOptions, value: Record<string, unknown>, text: string): void {
  console.log(options.isJson ? JSON.stringify(value) : text);
}

/** Lines of stdin, one at a time and in order; a bad one is answered, not fatal. */
async function obey(fleet: Fleet, options: SimOptions): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  stop.signal.addEventListener("abort", () => lines.close(), { once: true });
  for await (const line of lines) {
    if (line.trim() === "") continue;
    if (line.trim() === "stop") return stop.abort();
    try {
      const answer = await runLine(fleet, line);
      say(options, answer, JSON.stringify(answer));
    } catch (error) {
      const message = (error as Error).message;
      say(options, { error: message }, message);
    }
  }
  if (options.hasLifeline) stop.abort();
}

async function main(): Promise<void> {
  const options = readOptions(Deno.args);
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => stop.abort());
  }
  const began = performance.now();
  await using fleet = await startFleet(options.fleet);
  if (options.manifest) await writeManifest(options.manifest, fleet);
  if (options.chaos) {
    startChaos(fleet, options.chaos, { seed: options.seed, signal: stop.signal });
  }
  const [first] = manifestOf(fleet);
  const count = fleet.routers.length;
  say(
    options,
    { ready: true, count, pid: Deno.pid, first, manifest: options.manifest ?? null },
    `${count} routers in ${Math.round(performance.now() - began)} ms, ` +
      `the first at ${first!.address}:${first!.port} (${first!.username} / ${first!.password})`,
  );
  void obey(fleet, options);
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    else stop.signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

if (Deno.args.includes("--help")) console.log(USAGE);
else {
  try {
    await main();
    Deno.exit(0); // a pending read of stdin would hold the process
  } catch (error) {
    console.error((error as Error).message);
    Deno.exit(1);
  }
}
