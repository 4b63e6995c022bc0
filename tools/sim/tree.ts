import type { Board } from "./boards.ts";
import type { Menu } from "./menu.ts";
import { accessMenus } from "./menus/access.ts";
import { bridgeMenus } from "./menus/bridge.ts";
import { firewallMenus } from "./menus/firewall.ts";
import { interfaceMenus } from "./menus/interfaces.ts";
import { ipMenus } from "./menus/ip.ts";
import { loggingMenus } from "./menus/logging.ts";
import { poeMenus } from "./menus/poe.ts";
import { routingMenus } from "./menus/routing.ts";
import { systemMenus } from "./menus/system.ts";
import { toolMenus } from "./menus/tools.ts";
import { wirelessMenus } from "./menus/wireless.ts";
import type { Version } from "./version.ts";

/** The commands one version has on one board. */
export interface Tree {
  readonly menus: ReadonlyMap<string, Menu>;
  /** Every folder on the way to a menu: it has no commands, but it exists. */
  readonly folders: ReadonlySet<string>;
}

const SOURCES = [
  systemMenus,
  interfaceMenus,
  bridgeMenus,
  poeMenus,
  wirelessMenus,
  ipMenus,
  firewallMenus,
  routingMenus,
  accessMenus,
  loggingMenus,
  toolMenus,
];
const trees = new Map<string, Tree>();

/** One tree serves all routers of the same board and version. */
export function treeFor(board: Board, version: Version): Tree {
  const key = `${board.key} ${version.text}`;
  let tree = trees.get(key);
  if (!tree) {
    const menus = new Map(
      SOURCES.flatMap((source) => source(board, version)).map((menu) => [menu.path, menu]),
    );
    const folders = new Set<string>();
    for (const path of menus.keys()) {
      const parts = path.split("/");
      for (let i = 1; i < parts.length; i++) folders.add(parts.slice(0, i).join("/"));
    }
    trees.set(key, tree = { menus, folders });
  }
  return tree;
}
