import type { Board } from "./boards.ts";
import type { Menu } from "./menu.ts";
import { argumentsOf, hasUnset } from "./menus/arguments.ts";
import { automationMenus } from "./menus/automation.ts";
import { bridgeMenus } from "./menus/bridge.ts";
import { firewallMenus } from "./menus/firewall.ts";
import { interfaceTypeMenus } from "./menus/interface_types.ts";
import { interfaceMenus } from "./menus/interfaces.ts";
import { ipMenus } from "./menus/ip.ts";
import { loggingMenus } from "./menus/logging.ts";
import { machineMenus } from "./menus/machine.ts";
import { networkMenus } from "./menus/network.ts";
import { peopleMenus } from "./menus/people.ts";
import { poeMenus } from "./menus/poe.ts";
import { routingMenus } from "./menus/routing.ts";
import { safeModeMenus } from "./menus/safe_mode.ts";
import { storageMenus } from "./menus/storage.ts";
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
  machineMenus,
  interfaceMenus,
  interfaceTypeMenus,
  bridgeMenus,
  poeMenus,
  wirelessMenus,
  ipMenus,
  firewallMenus,
  routingMenus,
  networkMenus,
  peopleMenus,
  automationMenus,
  storageMenus,
  safeModeMenus,
  loggingMenus,
  toolMenus,
];
const trees = new Map<string, Tree>();

/** One tree serves all routers of the same board and version. */
export function treeFor(board: Board, version: Version): Tree {
  const key = `${board.key} ${version.text}`;
  let tree = trees.get(key);
  if (!tree) {
    const menus = new Map<string, Menu>();
    for (const menu of SOURCES.flatMap((source) => source(board, version))) {
      menus.set(menu.path, withArguments(joined(menus.get(menu.path), menu), version));
    }
    const folders = new Set<string>();
    for (const path of menus.keys()) {
      const parts = path.split("/");
      for (let i = 1; i < parts.length; i++) folders.add(parts.slice(0, i).join("/"));
    }
    trees.set(key, tree = { menus, folders });
  }
  return tree;
}

/** Several parts may hold commands of one folder. */
function joined(one: Menu | undefined, other: Menu): Menu {
  if (!one) return other;
  return {
    ...one,
    ...other,
    actions: { ...one.actions, ...other.actions },
    tools: { ...one.tools, ...other.tools },
  };
}

/** A menu takes what the table of arguments says, and has the verbs that go with it. */
function withArguments(menu: Menu, version: Version): Menu {
  if (!menu.verbs) return menu;
  const settable = menu.settable ?? argumentsOf(menu.path, version) ?? [];
  const verbs = menu.verbs.filter((verb) => {
    if (verb === "enable" || verb === "disable") return settable.includes("disabled");
    if (verb === "comment") return settable.includes("comment");
    return verb !== "unset" || menu.settable !== undefined || hasUnset(menu.path, version);
  });
  return { ...menu, settable, verbs: menu.isOrdered ? [...verbs, "move"] : verbs };
}
