/**
 * `deno task compile`: one file that runs everywhere on its platform without network or installation.
 *
 * `deno compile` needs a base binary that it downloads. Where that cannot be had, the same stage becomes
 * a self-extracting program with the Deno runtime inside. Either way the last line says which it made.
 */
import { join } from "node:path";
import { selfExtract } from "./self_extract.ts";
import { copy, deno, dist, fillStage, PERMISSIONS, stage } from "./stage.ts";

const outfile = join(dist, "tod");
const version = await fillStage();

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
