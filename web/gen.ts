/**
 * `deno task gen`: lists routes/ and islands/ in `gen/server.ts` (static imports: the server is type
 * checked and bundled as it is) and `gen/client.ts` (lazy imports, a chunk an island).
 */
function* walk(dir: string): Generator<string> {
  const entries = [...Deno.readDirSync(dir)].sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    // routes/api and routes/http are the API, not pages; (_components) belong to a page.
    if (isDirectory && !/^\(_/.test(name) && !/^routes\/(api|http)$/.test(`${dir}/${name}`)) {
      yield* walk(`${dir}/${name}`);
    } else if (/\.tsx$|^_middleware\.ts$/.test(name) && !/_test\.tsx?$/.test(name)) {
      yield `/${dir}/${name}`;
    }
  }
}

export function generate(): void {
  const routes = [...walk("routes")];
  const islands = [...walk("islands")];
  const imports = (files: string[], prefix: string) =>
    files.map((file, index) => `import * as ${prefix}${index} from "..${file}";\n`).join("");
  const record = (files: string[], prefix: string) =>
    `{\n${files.map((file, index) => `  "${file}": ${prefix}${index},\n`).join("")}}`;
  Deno.mkdirSync("gen", { recursive: true });
  write(
    "gen/server.ts",
    `${imports(routes, "route")}${imports(islands, "island")}` +
      `export const routes = ${record(routes, "route")};\n` +
      `export const islands = ${record(islands, "island")};\n`,
  );
  write(
    "gen/client.ts",
    `export const islands = {\n${
      islands.map((file) => `  "${file}": () => import("..${file}"),\n`).join("")
    }};\n`,
  );
}

/** Only when it changed: watchers would otherwise start a round for nothing. */
function write(file: string, text: string): void {
  try {
    if (Deno.readTextFileSync(file) === text) return;
  } catch { /* new */ }
  Deno.writeTextFileSync(file, text);
}

if (import.meta.main) generate();
