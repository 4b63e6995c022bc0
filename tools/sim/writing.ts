import { type Row, valueAt } from "./live.ts";
import type { Menu } from "./menu.ts";
import type { SimRouter } from "./router.ts";
import { noSuchItem, Trap, unknownParameter } from "./trap.ts";
import { keyFor, rename } from "./references.ts";
import { kept } from "./values.ts";

const NOT_VALUES = new Set([".id", "numbers", "place-before", "copy-from", "destination"]);

/** Properties that `set` and `add` are given. */
function valuesOf(menu: Menu, attributes: ReadonlyMap<string, string>): [string, string][] {
  const values = [...attributes].filter(([name]) => !NOT_VALUES.has(name));
  for (const [name] of values) {
    if (!menu.settable?.includes(name)) throw unknownParameter(name);
  }
  return values;
}

const isDynamic = (row: Row) => row["dynamic"] === "true";

/** Items by id, name or place in the list; several by comma. */
function targets(router: SimRouter, menu: Menu, text: string | undefined): Row[] {
  const path = router.storeOf(menu);
  const rows = router.config.edit(path);
  if (menu.isSingle) return rows.slice(0, 1);
  if (text === undefined) throw noSuchItem();
  const shown = menu.viewOf ? menu.rows(router) : router.rows(path);
  return text.split(",").filter(Boolean).map((wanted) => {
    const place = /^\d+$/.test(wanted) ? Number(wanted) : undefined;
    const row = shown.find((candidate) =>
      candidate[".id"] === wanted || candidate["name"] === wanted
    ) ?? (place === undefined ? undefined : shown[place]);
    if (!row) throw noSuchItem();
    // A view shows copies: the row behind it is the one that is written to.
    return rows.find((candidate) => candidate[".id"] === row[".id"]) ?? row;
  });
}

const named = (attributes: ReadonlyMap<string, string>) =>
  attributes.get(".id") ?? attributes.get("numbers");

/** Tells those who listen to the menu, and those who listen to the one it is a view of. */
function tell(
  router: SimRouter,
  menu: Menu,
  change: { kind: "changed"; row: Row } | { kind: "removed"; id: string },
): void {
  if (router.listeners.size === 0) return void router.revision++;
  if (menu.viewOf) router.changed(menu.viewOf, { ...change, path: menu.viewOf });
  const shown = menu.viewOf && change.kind === "changed"
    ? menu.rows(router).find((row) => row[".id"] === change.row[".id"])
    : undefined;
  router.changed(menu.path, { ...change, ...(shown ? { row: shown } : {}), path: menu.path });
}

/**
 * Runs set, add, remove, move, enable, disable, comment or unset on a menu, all of it or nothing, and
 * tells the listeners.
 *
 * @returns the new row's `.id` for add
 * @throws {Trap} when a parameter, a value or a row does not exist
 */
export function write(
  router: SimRouter,
  menu: Menu,
  verb: string,
  attributes: ReadonlyMap<string, string>,
): string | undefined {
  if (verb === "add") return add(router, menu, attributes);
  const path = router.storeOf(menu);
  const values = verb === "set" ? valuesOf(menu, attributes) : [];
  const chosen = targets(router, menu, named(attributes));
  if (chosen.some((row) => isDynamic(row) && !menu.hasDynamicWrites)) {
    throw new Trap(
      verb === "remove"
        ? "failure: can not remove dynamic object"
        : "failure: can not change dynamic object",
      4,
    );
  }
  if (verb === "move") {
    move(router, path, chosen, targets(router, menu, attributes.get("destination") ?? ""));
  }
  for (const row of chosen) {
    if (verb === "remove") remove(router, menu, path, row);
    else if (verb === "enable" || verb === "disable") {
      router.config.assign(path, row, { disabled: String(verb === "disable") });
    } else if (verb === "comment") {
      router.config.assign(path, row, { comment: attributes.get("comment") ?? "" });
    } else if (verb === "unset") unset(router, menu, path, row, attributes.get("value-name"));
    else if (verb === "set") set(router, menu, path, row, values);
    if (verb !== "remove") tell(router, menu, { kind: "changed", row });
  }
  return undefined;
}

function set(
  router: SimRouter,
  menu: Menu,
  path: string,
  row: Row,
  values: readonly [string, string][],
): void {
  const changes: Record<string, string | undefined> = {};
  for (const [name, value] of values) {
    const text = kept(router, menu, name, value);
    const key = keyFor(row, menu, name);
    // Emptied, a property without a default is gone; one that is shown empty stays so.
    const isGone = text === "" && menu.defaults?.[name] === undefined && name !== "comment" &&
      !menu.isSingle;
    changes[key] = isGone ? undefined : text;
  }
  const renamed = changes["name"];
  const before = row["name"];
  const shown = { ...row, ...changes } as Row;
  checkUnique(router, menu, shown, row);
  menu.check?.(router, shown, row);
  Object.assign(changes, menu.derive?.(router, shown, row));
  if (renamed !== undefined && typeof before === "string" && renamed !== before) {
    rename(router, path, before, renamed);
  }
  router.config.assign(path, row, changes);
}

function unset(
  router: SimRouter,
  menu: Menu,
  path: string,
  row: Row,
  property: string | undefined,
): void {
  if (property === undefined) throw new Trap("missing =value-name=", 1);
  if (!menu.settable?.includes(property)) throw unknownParameter(property);
  const key = keyFor(row, menu, property);
  router.config.assign(path, row, { [key]: menu.defaults?.[property] });
}

function remove(router: SimRouter, menu: Menu, path: string, row: Row): void {
  if (row["builtin"] === "true" || row["default"] === "true") {
    throw new Trap("failure: can not remove default or builtin item", 4);
  }
  menu.remove?.(router, row);
  const name = row["name"];
  // What named it now names something that is not there, as a router shows it.
  if (typeof name === "string") rename(router, path, name, String(row[".id"]));
  router.config.remove(path, row);
  tell(router, menu, { kind: "removed", id: String(row[".id"]) });
}

/** Puts items before another one, or at the end. */
function move(router: SimRouter, path: string, chosen: Row[], before: Row[]): void {
  const rows = router.config.edit(path);
  const [target] = before;
  for (const row of chosen) {
    if (row === target) continue;
    const at = target ? rows.indexOf(target) : rows.length;
    router.config.move(path, row, at - (rows.indexOf(row) < at ? 1 : 0));
  }
}

function add(
  router: SimRouter,
  menu: Menu,
  attributes: ReadonlyMap<string, string>,
): string {
  const path = router.storeOf(menu);
  const rows = router.config.edit(path);
  const given: Record<string, string> = {};
  const source = attributes.get("copy-from");
  if (source !== undefined) {
    const [row] = targets(router, menu, source);
    for (const name of menu.settable ?? []) {
      const value = row![keyFor(row!, menu, name)];
      if (value !== undefined) given[name] = valueAt(value, router.time.now());
    }
  }
  for (const [name, value] of valuesOf(menu, attributes)) {
    const text = kept(router, menu, name, value);
    if (text !== "" || menu.defaults?.[name] !== undefined || name === "comment") {
      given[name] = text;
    }
  }
  const missing = menu.needs?.find((name) => given[name] === undefined);
  if (missing) throw new Trap(`missing =${missing}=`, 1);
  if (menu.autoName && given["name"] === undefined) given["name"] = freeName(router, menu);
  const row: Row = menu.create
    ? menu.create(router, given)
    : { ".id": router.newId(), ...menu.defaults, disabled: "false", dynamic: "false" };
  if (menu.settable && !menu.settable.includes("disabled") && !menu.create) delete row["disabled"];
  for (const [key, value] of Object.entries(given)) row[keyFor(row, menu, key)] = value;
  checkUnique(router, menu, row, row);
  menu.check?.(router, row, undefined);
  Object.assign(row, menu.derive?.(router, row, undefined));
  const place = attributes.get("place-before");
  const [next] = place === undefined ? [] : targets(router, menu, place);
  router.config.insert(path, row, next ? rows.indexOf(next) : rows.length);
  tell(router, menu, { kind: "changed", row });
  return String(row[".id"]);
}

function freeName(router: SimRouter, menu: Menu): string {
  const names = new Set(router.rows(router.storeOf(menu)).map((row) => row["name"]));
  for (let n = 1;; n++) if (!names.has(`${menu.autoName}${n}`)) return `${menu.autoName}${n}`;
}

/** No two items share what the menu says is theirs alone; names are, wherever there are names. */
function checkUnique(router: SimRouter, menu: Menu, shown: Row, self: Row): void {
  const others = router.config.rows(router.storeOf(menu));
  for (const keys of menu.unique ?? (menu.settable?.includes("name") ? ["name"] : [])) {
    const names = keys.split("+");
    if (names.some((name) => shown[name] === undefined || shown[name] === "")) continue;
    const twin = others.find((other) =>
      other !== self && names.every((name) => other[name] === shown[name])
    );
    if (!twin) continue;
    throw new Trap(
      menu.taken ?? `failure: already have ${menu.viewOf ? "interface with " : ""}such name`,
      4,
    );
  }
}
