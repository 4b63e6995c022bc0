import { FLAGS } from "../printing.ts";
import type { Tree } from "../tree.ts";
import type { Commands } from "./syntax.ts";

const TARGETS = ["numbers", ".id"];
const LOG = ["debug", "error", "info", "warning"];
const WRITES: Readonly<Record<string, readonly string[]>> = {
  add: ["place-before", "copy-from"],
  set: TARGETS,
  remove: TARGETS,
  enable: TARGETS,
  disable: TARGETS,
  comment: [...TARGETS, "comment"],
  unset: [...TARGETS, "value-name"],
  move: [...TARGETS, "destination"],
};
const known = new WeakMap<Tree, Commands>();

/** Arguments known by their place, by what the command is. */
function places(menu: string, verb: string, isSingle: boolean): readonly string[] {
  switch (`${menu}/${verb}`) {
    case "/import":
      return ["file-name"];
    case "/execute":
      return ["script"];
    case "/system/script/run":
      return ["number"];
    case "/ping":
    case "/tool/ping":
      return ["address"];
    case "/resolve":
      return ["domain-name"];
  }
  if (menu === "/log") return ["message"];
  if (verb === "get") return isSingle ? ["value-name"] : [".id", "value-name"];
  if (verb === "print" || verb === "add" || verb === "export" || isSingle || menu === "") return [];
  return ["numbers", verb === "move" ? "destination" : verb === "unset" ? "value-name" : "comment"];
}

/** What scripts of a version and board may say. */
export function commandsOf(tree: Tree): Commands {
  const sets = new Map<string, ReadonlySet<string> | undefined>();
  let commands = known.get(tree);
  if (!commands) known.set(tree, commands = { isPath, argumentsOf: cached, placesOf });
  return commands;

  function placesOf(path: string, verb: string): readonly string[] {
    return places(path, verb, tree.menus.get(path)?.isSingle === true);
  }

  function isPath(path: string): boolean {
    return tree.menus.has(path) || tree.folders.has(path);
  }

  function cached(menu: string, verb: string): ReadonlySet<string> | undefined {
    const key = `${menu} ${verb}`;
    let names = sets.get(key);
    if (names === undefined && !sets.has(key)) {
      const list = namesOf(menu, verb);
      sets.set(key, names = list && new Set(list));
    }
    return names;
  }

  function namesOf(path: string, verb: string): Iterable<string> | undefined {
    const menu = tree.menus.get(path);
    if (path === "/log" && LOG.includes(verb)) return ["message"];
    if (verb === "export") return tree.menus.get("")!.actions!["export"]!.accepts;
    if (!menu) return undefined;
    const action = menu.actions?.[verb] ?? menu.tools?.[verb];
    if (action) return action.accepts;
    if (menu.isFolder) return undefined;
    if (verb === "print") return [...FLAGS, ...menu.printFlags ?? []];
    if (verb === "find") return [];
    if (verb === "get") return [...TARGETS, "number", "value-name"];
    if (!menu.verbs?.includes(verb)) return undefined;
    const extra = menu.isSingle ? [] : WRITES[verb] ?? [];
    return verb === "add" || verb === "set" ? [...menu.settable ?? [], ...extra] : extra;
  }
}
