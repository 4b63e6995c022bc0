/**
 * Our command trees against recorded ones (`inspect-extra-<version>.json.gz`, made on x86 with all
 * packages), read from the folder that TOD_RECORDINGS names. The other tests are complete without.
 */
import { equal, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { BOARDS } from "@/tools/sim/boards.ts";
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
