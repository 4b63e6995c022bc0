import { keyAttributes } from "@/core/configs/item_keys.ts";
import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import type { ExportEntry, Selector } from "@/core/wire/routeros/export/model.ts";
import { defaultOf, isSilent, oppositeOf } from "./defaults.ts";
import {
  bornName,
  entryOf,
  FIRST_LOG_ACTIONS,
  fits,
  isNamedByInterface,
  type Item,
  LOG_ACTIONS,
  nameOf,
} from "./item.ts";
import { compact, isPlain, normalItems } from "./normalise.ts";
import { renamedValue, roomOf } from "./references.ts";

/** A command that the configuration does not allow. */
export class CannotApply extends Error {}

/**
 * A configuration that commands can be carried out on, as a router would: what its compact export says
 * before and after. Items that an export does not show (a port nobody touched) come to be when a command
 * is about them.
 */
export class ConfigModel {
  readonly #menus: Map<string, Item[]>;

  constructor(entries: readonly ExportEntry[]) {
    this.#menus = Map.groupBy(normalItems(entries), ({ menu }) => menu);
  }

  items(menu: string): readonly Item[] {
    return this.#menus.get(menu) ?? [];
  }

  menus(): string[] {
    return [...this.#menus.keys()];
  }

  entries(): ExportEntry[] {
    return [...this.#menus.values()].flat().filter((item) => !isPlain(item))
      .map((item, at) => entryOf(item, at + 1));
  }

  /** The item of that name in a room of names. */
  named(room: string, name: string): Item | undefined {
    for (const [menu, items] of this.#menus) {
      if (roomOf(menu) !== room) continue;
      const found = items.find((item) => nameOf(item) === name);
      if (found) return found;
    }
    return undefined;
  }

  /** @throws {CannotApply} */
  apply(command: ConfigCommand): void {
    const { menu, action } = command;
    const item = action === "add"
      ? undefined
      : this.#find(menu, command.target, action === "set" ? "create" : "demand");
    const before = (action === "add" || action === "move") && command.before
      ? this.#find(menu, command.before, "demand")
      : undefined;
    this.carryOut(command, item, before);
  }

  /**
   * The same with the items that the command names.
   *
   * @returns the item it was about
   * @throws {CannotApply}
   */
  carryOut(command: ConfigCommand, item: Item | undefined, before: Item | undefined): Item {
    const items = this.#itemsOf(command.menu);
    if (command.action === "add") return this.#add(items, command, before);
    if (!item) throw new CannotApply("No such item");
    if (command.action === "set") {
      if (!items.includes(item)) items.push(item);
      this.#set(item, command.attributes);
      return item;
    }
    if (item.command === "set") {
      throw new CannotApply("It is there by itself: it can be neither removed nor moved");
    }
    if (before === item) return item;
    items.splice(items.indexOf(item), 1);
    if (command.action === "move") insert(items, item, before);
    return item;
  }

  #itemsOf(menu: string): Item[] {
    const items = this.#menus.get(menu) ?? [];
    this.#menus.set(menu, items);
    return items;
  }

  #add(
    items: Item[],
    { menu, attributes }: ConfigCommand & { action: "add" },
    before: Item | undefined,
  ): Item {
    const name = attributes["name"];
    if (name !== undefined) this.#demandFree(menu, name);
    const item: Item = {
      ...{ menu, command: "add", selector: null, remarks: [] },
      attributes: new Map(Object.entries(attributes)),
    };
    compact(item);
    insert(items, item, before);
    return item;
  }

  #set(item: Item, changes: Readonly<Record<string, string | null>>): void {
    const { menu, attributes } = item;
    const old = nameOf(item);
    const renamed = changes["name"];
    const isRename = typeof renamed === "string" && old !== undefined && renamed !== old;
    if (isRename) this.#demandFree(menu, renamed);
    for (const [name, value] of Object.entries(changes)) {
      const shown = attributes.get(name);
      const isDefault = isSilent(menu, name, value, nameOf(item)) ||
        (name === "name" && value === bornName(item)) ||
        // Of two values the one that was not shown is the default, where nothing better is known.
        (shown !== undefined && value !== null && value === oppositeOf(name, shown) &&
          defaultOf(menu, name) === undefined);
      if (isDefault) attributes.delete(name);
      else attributes.set(name, value);
    }
    compact(item);
    if (isRename && isNamed(item)) this.#follow(roomOf(menu), old, renamed);
  }

  /** What refers to the item goes on referring to it. */
  #follow(room: string, from: string, to: string): void {
    for (const item of [...this.#menus.values()].flat()) {
      for (const [name, value] of item.attributes) {
        if (value === null) continue;
        const now = renamedValue(item.menu, name, value, { room, from, to });
        if (now !== value) item.attributes.set(name, now);
      }
      if (room === "interface" && isNamedByInterface(item) && isCalled(item.selector, from)) {
        item.selector = { kind: "item", item: to };
      }
    }
  }

  #demandFree(menu: string, name: string): void {
    if (isNamed({ menu }) && this.named(roomOf(menu), name)) {
      throw new CannotApply(`there is another item with the name ${name}`);
    }
  }

  #find(menu: string, target: ItemTarget, absent: "create" | "demand"): Item {
    const items = this.#itemsOf(menu);
    const found = target.by === "menu"
      ? items.filter(({ command, selector }) => command === "set" && selector === null)
      : target.by === "id"
      ? items.filter(({ selector }) => isCalled(selector, target.id))
      : items.filter((item) => fits(item, target.where));
    const nth = target.by === "where" ? target.nth : undefined;
    if (found.length > 1 && nth === undefined) {
      throw new CannotApply(`${found.length} items fit where one must`);
    }
    const chosen = found[nth ?? 0];
    if (chosen) return chosen;
    const selector = absent === "create" ? selectorFor(menu, target) : undefined;
    if (selector === undefined) throw new CannotApply("No such item");
    return untouched(menu, selector);
  }
}

/** An item that is there by itself and that nobody changed. */
export function untouched(menu: string, selector: Selector | null): Item {
  return { ...{ menu, command: "set", selector, remarks: [] }, attributes: new Map() };
}

/** Menus where no two items have the same `name`, so that others can refer to them by it. */
export function isNamed({ menu }: Pick<Item, "menu">): boolean {
  return menu !== "/ip/dns/static" && keyAttributes(menu, (name) => name === "name").length > 0;
}

function insert(items: Item[], item: Item, before: Item | undefined): void {
  if (before) items.splice(items.indexOf(before), 0, item);
  else items.push(item);
}

function isCalled(selector: Selector | null, item: string): boolean {
  return selector?.kind === "item" && selector.item === item;
}

/** Items that are there by themselves, which an export shows once something about them is changed. */
const BORN = /^\/ip\/(?:hotspot\/|firewall\/)?service(?:-port)?$|^\/user\/group$|^\/disk$/;

/** How an export would name an item that is there by itself; `undefined`: it is none such. */
function selectorFor(menu: string, target: ItemTarget): Selector | null | undefined {
  if (target.by === "menu") return null;
  if (target.by === "id") return { kind: "item", item: target.id };
  const conditions = Object.entries(target.where);
  if (conditions.length !== 1 || target.nth !== undefined) return undefined;
  const [name, value] = conditions[0]!;
  if (name === "default-name" || name === "default") {
    return { kind: "find", where: [{ name, value }] };
  }
  const at = menu === LOG_ACTIONS && name === "name" ? FIRST_LOG_ACTIONS.indexOf(value) : -1;
  if (at >= 0) return { kind: "item", item: String(at) };
  const isOwn = (name === "name" && BORN.test(menu)) ||
    (menu === "/queue/interface" && name === "interface") ||
    (menu === "/interface/ethernet/poe" && name === "name");
  return isOwn ? { kind: "item", item: value } : undefined;
}
