import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";

/** One item of a menu as a router prints it, in readable text, `.id` included. */
export type ConfigItem = Readonly<Record<string, string>>;

/** What a command does to the one item it is about. */
export interface Applied {
  readonly before: ConfigItem | null;
  readonly after: ConfigItem | null;
  /** Places among the items of the menu, from 0. */
  readonly from: number | null;
  readonly to: number | null;
}

/** The router would refuse it, too: there is no such item, or there are several. */
export class CannotApply extends Error {}

/** Attributes that hold the name of something that stands in another menu, and follow a new name. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  "/interface": [
    ...["interface", "bridge", "slaves", "tagged", "untagged", "interfaces", "in-interface"],
    ...["out-interface", "gateway", "actual-interface"],
  ],
  "/interface/list": ["list", "in-interface-list", "out-interface-list"],
  "/user/group": ["group"],
};

/** A router's configuration in memory, as far as it was read: what commands would make of it. */
export class ConfigModel {
  readonly #menus: Map<string, ConfigItem[]>;
  #added = 0;

  constructor(menus: Iterable<readonly [menu: string, items: readonly ConfigItem[]]>) {
    this.#menus = new Map(Array.from(menus, ([menu, items]) => [menu, [...items]]));
  }

  clone(): ConfigModel {
    return new ConfigModel(this.#menus);
  }

  /** Whether the menu was read; `false`: what it holds is not known. */
  has(menu: string): boolean {
    return this.#menus.has(menu);
  }

  menus(): string[] {
    return [...this.#menus.keys()];
  }

  items(menu: string): readonly ConfigItem[] {
    return this.#menus.get(menu) ?? [];
  }

  /** Those that are not switched off. */
  live(menu: string): readonly ConfigItem[] {
    return this.items(menu).filter((item) => !isOn(item, "disabled"));
  }

  /** @throws {CannotApply} */
  apply(command: ConfigCommand): Applied {
    const { menu, action } = command;
    const items = this.#menus.get(menu) ?? [];
    if (action === "add") {
      const item = { ".id": `new-${++this.#added}`, ...command.attributes };
      const to = command.before === null ? items.length : find(items, menu, command.before);
      this.#menus.set(menu, items.toSpliced(to, 0, item));
      this.#mirror(menu, null, item);
      return { before: null, after: item, from: null, to };
    }
    const from = find(items, menu, command.target);
    const before = items[from]!;
    if (action === "remove") {
      this.#menus.set(menu, items.toSpliced(from, 1));
      this.#mirror(menu, before, null);
      return { before, after: null, from, to: null };
    }
    if (action === "set") {
      const after = changed(before, command.attributes);
      this.#menus.set(menu, items.with(from, after));
      this.#mirror(menu, before, after);
      return { before, after, from, to: from };
    }
    const rest = items.toSpliced(from, 1);
    const to = command.before === null ? rest.length : find(rest, menu, command.before);
    this.#menus.set(menu, rest.toSpliced(to, 0, before));
    return { before, after: before, from, to };
  }

  /** Interfaces stand in two menus, and others name them. */
  #mirror(menu: string, before: ConfigItem | null, after: ConfigItem | null): void {
    const isTyped = /^\/interface\/[a-z0-9-]+$/.test(menu) && menu !== "/interface/list";
    if (isTyped) this.#copy("/interface", before, after, menu);
    else if (menu === "/interface" && before) {
      for (const other of this.#menus.keys()) {
        if (other.startsWith("/interface/")) this.#copy(other, before, after, menu);
      }
    }
    const named = isTyped ? "/interface" : menu;
    const [old, name] = [before?.["name"], after?.["name"]];
    if (old !== undefined && name !== undefined && old !== name && FOLLOWS[named]) {
      this.#rename(FOLLOWS[named], old, name);
    }
  }

  #copy(other: string, before: ConfigItem | null, after: ConfigItem | null, menu: string): void {
    const items = this.#menus.get(other);
    if (!items) return;
    if (!before) {
      const type = menu.slice(menu.lastIndexOf("/") + 1);
      const { name = "", disabled = "false" } = after!;
      items.push({ ".id": `new-${++this.#added}`, name, type, disabled });
      return;
    }
    const name = before["name"];
    const at = name === undefined ? -1 : items.findIndex((item) => item["name"] === name);
    if (at < 0) return;
    if (!after) items.splice(at, 1);
    else {
      const { name: now = name!, disabled = "false" } = after;
      items[at] = { ...items[at], name: now, disabled };
    }
  }

  #rename(attributes: readonly string[], old: string, name: string): void {
    const renamed = (value: string) =>
      value.split(",").map((part) => {
        const [address, zone] = part.split("%");
        return part === old ? name : zone === old ? `${address}%${name}` : part;
      }).join(",");
    for (const [menu, items] of this.#menus) {
      this.#menus.set(
        menu,
        items.map((item) => {
          const holding = attributes.filter((one) => item[one]?.includes(old));
          if (holding.length === 0) return item;
          return { ...item, ...Object.fromEntries(holding.map((a) => [a, renamed(item[a]!)])) };
        }),
      );
    }
  }
}

/** Yes or true; what is not there is off. */
export function isOn(item: ConfigItem | undefined, name: string): boolean {
  return plain(item?.[name] ?? "") === "true";
}

/** Whether two values mean the same: what is not there, an empty text and no are one. */
export function isSame(a: string | null | undefined, b: string | null | undefined): boolean {
  return plain(a ?? "") === plain(b ?? "");
}

function plain(value: string): string {
  return value === "yes" ? "true" : value === "no" || value === "false" ? "" : value;
}

function changed(
  item: ConfigItem,
  attributes: Readonly<Record<string, string | null>>,
): ConfigItem {
  const merged = { ...item, ...attributes };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

/** The place of the one item that is meant. */
function find(items: readonly ConfigItem[], menu: string, target: ItemTarget): number {
  if (target.by === "menu") {
    if (items.length > 0) return 0;
    throw new CannotApply(`The router has no ${menu}`);
  }
  if (target.by === "id") {
    const at = items.findIndex((item) => item[".id"] === target.id);
    if (at >= 0) return at;
    throw new CannotApply(`${menu} has no item ${target.id} any more`);
  }
  const wanted = Object.entries(target.where);
  const fits = items.flatMap((item, at) =>
    !isOn(item, "dynamic") && wanted.every(([name, value]) => isSame(item[name], value)) ? at : []
  );
  const meant = target.nth === undefined
    ? fits.length === 1 ? fits[0] : undefined
    : fits[target.nth];
  if (meant !== undefined) return meant;
  const what = wanted.map(([name, value]) => `${name}=${value.slice(0, 100)}`).join(" ");
  throw new CannotApply(
    fits.length === 0
      ? `${menu} has no item with ${what}`
      : target.nth !== undefined
      ? `${menu} has only ${fits.length} items with ${what}`
      : `${menu} has ${fits.length} items with ${what}: which one is meant is not clear`,
  );
}
