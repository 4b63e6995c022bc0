/**
 * `deno run -A tools/menu_facts.ts FOLDER`: writes core/config_editor/menu_facts_data.ts from RouterOS
 * command trees, which anybody can record with `/console/inspect`. FOLDER holds those that the project
 * tikoci/restraml publishes (Unlicense) as `inspect-7.24.json.gz` and, with the extra packages,
 * `inspect-extra-7.24.json.gz`. What is taken are facts: which menu has which attribute since when.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

interface Node {
  _type?: string;
  desc?: string;
  [name: string]: Node | string | undefined;
}

interface Recorded {
  verbs: Set<string>;
  isSingle: boolean;
  /** Indexes of versions, by argument. */
  arguments: Map<string, { hint: string | undefined; seen: Set<number> }>;
  seen: Set<number>;
}

const VERBS: Readonly<Record<string, string>> = {
  ...{ add: "a", set: "s", remove: "r", move: "m", unset: "u", enable: "e" },
};
/** Name items or the place of a new one: no attributes. */
const NO_ATTRIBUTES = new Set(["numbers", "copy-from", "place-before", "value-name", "number"]);
/** Not configuration: what happens there is no change that could be taken back. */
const LEFT_OUT =
  /^\/(console|environment|file|task|dude|disk|app|container|log|user\/active)(\/|$)/;
const ATTRIBUTE = /^[a-z0-9.][a-z0-9.-]*$/;

const folder = Deno.args[0]!;
const files = (await readdir(folder)).filter((file) => /^inspect-.*\.json\.gz$/.test(file));
const versions = [...new Set(files.map((file) => /(\d[\d.]*)\.json/.exec(file)![1]!))]
  .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
const menus = new Map<string, Recorded>();
for (const file of files.sort()) {
  const version = versions.indexOf(/(\d[\d.]*)\.json/.exec(file)![1]!);
  walk(JSON.parse(gunzipSync(await readFile(`${folder}/${file}`)).toString()), "", version);
}

function walk(node: Node, path: string, version: number): void {
  const child = (name: string) => node[name] as Node | undefined;
  const command = (name: string) => child(name)?._type === "cmd" ? child(name) : undefined;
  if (command("print") && (command("add") || command("set")) && !LEFT_OUT.test(path)) {
    const menu = menus.get(path) ??
      { verbs: new Set(), isSingle: true, arguments: new Map(), seen: new Set() };
    menus.set(path, menu);
    menu.seen.add(version);
    if (command("add") || command("set")?.["numbers"]) menu.isSingle = false;
    for (const verb in VERBS) if (command(verb)) menu.verbs.add(VERBS[verb]!);
    for (const verb of ["add", "set"]) {
      for (const [name, value] of Object.entries(command(verb) ?? {})) {
        if (NO_ATTRIBUTES.has(name) || !ATTRIBUTE.test(name)) continue;
        if ((value as Node)._type !== "arg") continue;
        const known = menu.arguments.get(name) ?? { hint: undefined, seen: new Set() };
        known.hint = hintOf((value as Node).desc) ?? known.hint;
        known.seen.add(version);
        menu.arguments.set(name, known);
      }
    }
  }
  for (const [name, value] of Object.entries(node)) {
    if (typeof value !== "object") continue;
    if (value._type === "dir" || value._type === "path") walk(value, `${path}/${name}`, version);
  }
}

function hintOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.includes("time interval")) return "time";
  if (text.includes("MAC address")) return "mac";
  if (/^A\.B\.C\.D\s+\(IP address\)$/.test(text)) return "ip";
  if (/^\d+\.\.\d+$/.test(text)) return text;
  const list = /^([\w.+-]+(?:\|[\w.+-]+)+)(\[,\w+\*\])?$/.exec(text);
  return list ? `${list[1]}${list[2] ? "," : ""}` : undefined;
}

/**
 * Since which version, and from which on no more. Between two recordings the earlier is believed: to
 * offer what is not there yet costs a refusal, to hide what is there costs trust.
 */
function spanOf(seen: ReadonlySet<number>): string {
  const [first, last] = [Math.min(...seen), Math.max(...seen)];
  const short = (index: number) => versions[index]!.split(".").slice(0, 2).join(".");
  const [major, minor] = first === 0 ? [] : short(first - 1).split(".").map(Number);
  const since = major === undefined ? "" : `${major}.${minor! + 1}`;
  const until = last === versions.length - 1 ? "" : short(last + 1);
  return `${since}-${until}`;
}

const lines = [...menus].sort(([a], [b]) => a < b ? -1 : 1).map(([path, menu]) => {
  const span = spanOf(menu.seen);
  const words = [...menu.arguments].sort(([a], [b]) => a < b ? -1 : 1).map(([name, one]) => {
    const own = spanOf(one.seen);
    return `${name}${one.hint ? `=${one.hint}` : ""}${own === span ? "" : `@${own}`}`;
  });
  return [path, [...menu.verbs].join(""), span, menu.isSingle ? "1" : "n", ...words].join(" ");
});
await writeFile(
  "core/config_editor/menu_facts_data.ts",
  `/**
 * Which menus RouterOS has and what can be written there, recorded from ${versions.length} versions
 * (${versions.join(", ")}).
 * Facts out of the command trees that tikoci/restraml publishes (Unlicense); made by
 * tools/menu_facts.ts, not by hand. A line is: path, verbs, versions, 1 (one item) or n, attributes as
 * name=hint@versions.
 */
export const MENU_FACTS = \`
${lines.join("\n")}
\`;
`,
);
console.log(`${lines.length} menus, ${lines.join("\n").length} bytes`);
