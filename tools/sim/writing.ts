import type { Row } from "./live.ts";
import type { Menu } from "./menu.ts";
import type { SimRouter } from "./router.ts";
import { noSuchItem, Trap, unknownParameter } from "./trap.ts";

const BOOLEANS: Record<string, string> = { yes: "true", no: "false" };
const stored = (name: string, value: string) =>
  name === "disabled" ? BOOLEANS[value] ?? value : value;

function checkSettable(menu: Menu, attributes: ReadonlyMap<string, string>): void {
  for (const name of attributes.keys()) {
    if (name === ".id" || name === "numbers" || name === "place-before") continue;
    if (!menu.settable?.includes(name)) throw unknownParameter(name);
  }
}

/** Rows named by `.id` or `numbers`: ids or names, several by comma. */
function targets(menu: Menu, rows: Row[], attributes: ReadonlyMap<string, string>): Row[] {
  if (menu.isSingle) return rows.slice(0, 1);
  const text = attributes.get(".id") ?? attributes.get("numbers");
  if (text === undefined) throw noSuchItem();
  return text.split(",").map((wanted) => {
    const row = rows.find((candidate) =>
      candidate[".id"] === wanted || candidate["name"] === wanted
    );
    if (!row) throw noSuchItem();
    return row;
  });
}

/** Tells those who listen to the menu, and those who listen to the one it is a view of. */
function tell(
  router: SimRouter,
  menu: Menu,
  change: { kind: "changed"; row: Row } | { kind: "removed"; id: string },
): void {
  if (menu.viewOf) router.changed(menu.viewOf, { ...change, path: menu.viewOf });
  const shown = menu.viewOf && change.kind === "changed"
    ? menu.rows(router).find((row) => row[".id"] === change.row[".id"])
    : undefined;
  router.changed(menu.path, { ...change, ...(shown ? { row: shown } : {}), path: menu.path });
}

/** The property itself, or the hidden one behind a view. */
const keyFor = (row: Row, menu: Menu, name: string) =>
  menu.viewOf && !(name in row) && name !== "comment" ? `$${name}` : name;

/**
 * Runs set, add, remove, enable, disable, comment or unset on a menu and tells the listeners.
 *
 * @returns the new row's `.id` for add
 * @throws {Trap} when a parameter or a row does not exist
 */
export function write(
  router: SimRouter,
  menu: Menu,
  verb: string,
  attributes: ReadonlyMap<string, string>,
): string | undefined {
  if (verb === "unset") return unset(router, menu, attributes);
  checkSettable(menu, verb === "comment" ? new Map() : attributes);
  const path = router.storeOf(menu);
  const rows = router.edit(path);
  if (verb === "add") return add(router, menu, rows, attributes);
  // A view shows only rows of its kind: another menu's row is no item here.
  const visible = menu.viewOf ? new Set(menu.rows(router).map((row) => row[".id"])) : undefined;
  const chosen = targets(
    menu,
    visible ? rows.filter((r) => visible.has(r[".id"])) : rows,
    attributes,
  );
  for (const row of chosen) {
    if (verb === "remove") {
      rows.splice(rows.indexOf(row), 1);
      tell(router, menu, { kind: "removed", id: String(row[".id"]) });
      continue;
    }
    if (verb === "enable" || verb === "disable") row["disabled"] = String(verb === "disable");
    else {
      for (const [name, value] of attributes) {
        if (name === ".id" || name === "numbers") continue;
        if (name === "name" && rows.some((other) => other !== row && other["name"] === value)) {
          throw new Trap("failure: already have interface with such name", 4);
        }
        row[keyFor(row, menu, name)] = stored(name, value);
      }
    }
    tell(router, menu, { kind: "changed", row });
  }
  return undefined;
}

function add(
  router: SimRouter,
  menu: Menu,
  rows: Row[],
  attributes: ReadonlyMap<string, string>,
): string {
  const name = attributes.get("name");
  if (name !== undefined && rows.some((row) => row["name"] === name)) {
    throw new Trap("failure: already have such name", 4);
  }
  const given = Object.fromEntries(
    [...attributes].filter(([key]) => key !== "place-before")
      .map(([key, value]) => [key, stored(key, value)]),
  );
  const row: Row = menu.create
    ? menu.create(router, given)
    : { ".id": router.newId(), disabled: "false", dynamic: "false", ...given };
  if (menu.create) {
    for (const [key, value] of Object.entries(given)) row[keyFor(row, menu, key)] = value;
  }
  rows.push(row);
  tell(router, menu, { kind: "changed", row });
  return String(row[".id"]);
}

function unset(
  router: SimRouter,
  menu: Menu,
  attributes: ReadonlyMap<string, string>,
): undefined {
  const property = attributes.get("value-name");
  if (property === undefined) throw new Trap("missing =value-name=", 1);
  const path = router.storeOf(menu);
  for (const row of targets(menu, router.edit(path), attributes)) {
    delete row[keyFor(row, menu, property)];
    tell(router, menu, { kind: "changed", row });
  }
  return undefined;
}
