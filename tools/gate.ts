/**
 * `deno task test`: the gate. Without arguments it does what CI does: system servers, format, lint,
 * types, import rules, browser build, every test. With arguments (`deno task test core/wire`) it runs
 * only those tests, for the loop while coding. (Not named test.ts: Deno would take it for a test, and
 * the gate would run itself for ever.)
 */
import { ensureServers } from "./ensure_servers.ts";

const decoder = new TextDecoder();

/** Runs this same Deno with `args`; its output passes through and comes back as text. */
async function deno(...args: string[]): Promise<{ success: boolean; output: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let output = "";
  for await (const chunk of child.stdout) {
    Deno.stdout.writeSync(chunk);
    output += decoder.decode(chunk, { stream: true });
  }
  return { success: (await child.status).success, output };
}

async function step(name: string, ...args: string[]): Promise<void> {
  const began = performance.now();
  const { success } = await deno(...args);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${success ? "ok" : "FAILED"}  ${name} (${seconds} s)`);
  if (!success) Deno.exit(1);
}

try {
  await ensureServers();
} catch (error) {
  console.error((error as Error).message);
  Deno.exit(1);
}

const only = Deno.args;
await step("install", "install", "--frozen", "--quiet");
await step("gen", "task", "--quiet", "gen");
if (only.length === 0) {
  await step("format", "fmt", "--check", "--quiet");
  await step("lint", "lint", "--quiet");
  await step("types", "check", "--quiet", ".");
  await step("imports", "task", "--quiet", "imports");
}
await step("build", "task", "--quiet", "build");

const began = performance.now();
const { success, output } = await deno("test", "-A", "--no-check", ...only);
// The runner's own summary, once more in one plain line that any CI reads.
const [, passed = "0", , failed = "0"] =
  /(\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed/.exec(output) ?? [];
console.log(`tests took ${((performance.now() - began) / 1000).toFixed(0)} s`);
console.log(`${passed} passed, ${failed} failed`);
Deno.exit(success ? 0 : 1);
