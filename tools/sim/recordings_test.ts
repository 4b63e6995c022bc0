/**
 * Our command trees against recorded ones (`inspect-extra-<version>.json.gz`, made on x86 with all
 * packages), read from the folder that TOD_RECORDINGS names. The other tests are complete without.
 */
import { equal, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { BOARDS } from "@/tools/sim/boards.ts";
import type { Commands } from "@/tools/sim/script/syntax.ts";
import { parse } from "@/tools/sim/script/parse.ts";
import { treeFor } from "@/tools/sim/tree.ts";
import { Version } from "@/tools/sim/version.ts";

interface Node {
  [name: string]: Node;
}

const VERSIONS = ["7.10.2", "7.16.2", "7.18.2", "7.20.8", "7.21.5", "7.23.1", "7.24"];
/** Menus of hardware that a virtual machine does not have. */
const HARDWARE = new Set(["/system/routerboard", "/interface/ethernet/poe"]);

const root = process.env["TOD_RECORDINGS"];
const fileOf = (version: string) =>
  join(root ?? "", "restraml-inspect", `inspect-extra-${version}.json.gz`);

function find(tree: Node, path: string): Node | undefined {
  let node: Node | undefined = tree;
  for (const part of path.split("/").filter(Boolean)) node = node?.[part];
  return node;
}

Deno.test("every menu and argument we have is in the recorded tree of its version", async () => {
  if (!root) {
    console.log("TOD_RECORDINGS is not set: no recorded trees to compare with");
    return;
  }
  const recorded = VERSIONS.filter((version) => existsSync(fileOf(version)));
  ok(recorded.length > 0, `no recorded tree in ${root}`);
  const found: string[] = [];
  for (const text of recorded) {
    const recording: Node = JSON.parse(gunzipSync(await readFile(fileOf(text))).toString());
    const version = new Version(text);
    const wrong = new Set<string>();
    for (const board of BOARDS.values()) {
      for (const menu of treeFor(board, version).menus.values()) {
        if (HARDWARE.has(menu.path)) continue;
        const node = find(recording, menu.path);
        if (!node) {
          wrong.add(menu.path);
          continue;
        }
        const verbs = [
          ...(menu.verbs ?? []),
          ...Object.keys(menu.monitors ?? {}),
          ...Object.keys(menu.actions ?? {}),
        ];
        for (const verb of verbs) if (!node[verb]) wrong.add(`${menu.path}/${verb}`);
        for (const name of node["set"] ? menu.settable ?? [] : []) {
          if (!node["set"]![name]) wrong.add(`${menu.path}/set ${name}`);
        }
      }
    }
    found.push(...Array.from(wrong, (what) => `${text} has no ${what}`));
  }
  equal(found.length, 0, found.join("\n"));
});

/** A recorded virtual machine says nothing of what is on hardware alone. */
const isHardware = (path: string) => /^\/system\/routerboard(\/settings)?$/.test(path);
const ANYTHING = { has: () => true } as unknown as ReadonlySet<string>;

/** Menus, commands and arguments as one recorded tree has them. */
function commandsIn(tree: Node): Commands {
  const kindOf = (path: string) => find(tree, path)?.["_type"] as unknown as string | undefined;
  return {
    isPath: (path) => isHardware(path) || ["dir", "path"].includes(kindOf(path) ?? ""),
    argumentsOf(menu, verb) {
      if (isHardware(menu)) return ANYTHING;
      const node = find(tree, `${menu}/${verb}`);
      if (kindOf(`${menu}/${verb}`) !== "cmd") return undefined;
      return new Set(Object.keys(node!).filter((name) => name !== "_type"));
    },
    placesOf: () => ["numbers", "more"],
  };
}

/** The exports among what somebody recorded of a router, as they were printed. */
function exportsIn(yaml: string): string[] {
  const written = (line: string) =>
    line.replace(/^ {4}/, "").replaceAll("\\x20", " ").replace(/\\(["\\])/g, "$1");
  return yaml.split(/^ {2}"/m).filter((part) => part.startsWith("/export"))
    .map((part) => part.split("\n").slice(1).map(written).join("\n"));
}

Deno.test("our scripts read what real routers export", async () => {
  if (!root) return;
  const folder = join(root, "oxidized/spec/model/data");
  if (!existsSync(folder)) return;
  const tree: Node = JSON.parse(gunzipSync(await readFile(fileOf("7.16.2"))).toString());
  const commands = commandsIn(tree);
  let count = 0;
  for (const name of await readdir(folder)) {
    if (!name.endsWith("simulation.yaml")) continue;
    for (const text of exportsIn(await readFile(join(folder, name), "utf8"))) {
      count += parse(text, commands).length;
    }
  }
  ok(count > 50, `${count} commands`);
});
