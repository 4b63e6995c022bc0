import type { ItemTarget } from "@/core/contract/config_commands.ts";
import { keyAttributes } from "@/core/configs/item_keys.ts";
import { isSecret } from "@/core/configs/secrets.ts";
import { defaultOf } from "./defaults.ts";
import { isUniqueBy } from "./unique.ts";
import { fits, isValue, type Item, nameOf, namingAttribute, valueOf } from "./item.ts";

/** What people write down to find a rule again, in that order. */
const TELLING = [
  "chain",
  "action",
  "comment",
  "protocol",
  "dst-port",
  "src-address",
  "dst-address",
];
/** The API may say these otherwise than an export: `10M` and `10000000`. */
const VARYING = /limit|rate|time|interval|ttl|size|burst|priority|lifetime|keepalive|policy|date/;

/**
 * How a command names `item` among `others` of its menu: by as little as tells it from all of them, so that
 * it holds when something else about it changes. `undefined`: there is no way to name it.
 */
export function targetOf(
  item: Item,
  others: readonly Item[],
  /** An attribute whose value is not certain. */
  without?: string,
): ItemTarget | undefined {
  if (item.command === "set") return bornTarget(item);
  const { menu, attributes } = item;
  const has = (name: string) =>
    name !== without && Boolean(attributes.get(name)) && isUsable(item, name);
  const keys = keyAttributes(menu, has);
  const where: Record<string, string> = {};
  let rivals = others.filter((other) => other !== item);
  const take = (name: string, isNeeded: boolean) => {
    const value = valueOf(item, name);
    const left = rivals.filter((other) => isValue(other, name, value));
    if (!isNeeded && left.length === rivals.length) return;
    where[name] = value;
    rivals = left;
  };
  if (isUniqueBy(menu, keys)) {
    return { by: "where", where: Object.fromEntries(keys.map((key) => [key, valueOf(item, key)])) };
  }
  const needed = keys.length > 0 ? keys : ["chain", "action", "comment"].filter(has);
  // A comment tells most, so it leaves the fewest to compare by the others.
  for (const name of needed.toSorted((a, b) => Number(b === "comment") - Number(a === "comment"))) {
    take(name, true);
  }
  const rest = [...TELLING, ...[...attributes.keys()].sort(byVariation)];
  for (const name of rest) if (rivals.length > 0 && has(name)) take(name, false);
  // What the others have and this one has not.
  for (const rival of [...rivals]) {
    for (const name of rival.attributes.keys()) {
      if (!rivals.includes(rival)) break;
      if (!(name in where) && isUsable(rival, name) && isPlainWithout(menu, name)) {
        take(name, false);
      }
    }
  }
  if (Object.keys(where).length === 0) {
    const name = [...attributes.keys()].find(has);
    if (name === undefined) return undefined;
    take(name, true);
  }
  const target = { by: "where" as const, where: inOrder(where) };
  if (rivals.length === 0) return target;
  const same = others.filter((other) => fits(other, where));
  return { ...target, nth: same.indexOf(item) };
}

/** As people would write it. */
function inOrder(where: Readonly<Record<string, string>>): Record<string, string> {
  const place = (name: string) => TELLING.indexOf(name) + 1 || TELLING.length + 1;
  return Object.fromEntries(Object.entries(where).sort(([a], [b]) => place(a) - place(b)));
}

function byVariation(a: string, b: string): number {
  return Number(VARYING.test(a)) - Number(VARYING.test(b)) || (a < b ? -1 : 1);
}

/** A router may or may not list a default, unless it is nothing or `no`. */
function isPlainWithout(menu: string, name: string): boolean {
  const value = defaultOf(menu, name);
  return value === undefined || value === null || value === "" || value === "no";
}

/** A secret is no way to name an item, unless it is its name (an SNMP community). */
function isUsable({ menu, attributes }: Item, name: string): boolean {
  if (name === "name") return true;
  const value = attributes.get(name) ?? null;
  // Whoever looks for `no` finds what does not say it, too.
  if (value === "no" && defaultOf(menu, name) === "yes") return false;
  return !isSecret(menu, { name, value }) && name !== "source" && !name.startsWith("on-");
}

function bornTarget(born: Item): ItemTarget | undefined {
  const { menu, selector } = born;
  if (!selector) return { by: "menu" };
  if (selector.kind === "find") {
    const where = Object.fromEntries(selector.where.map(({ name, value }) => [name, value ?? ""]));
    return Object.keys(where).length > 0 ? { by: "where", where } : undefined;
  }
  const { item } = selector;
  if (/^\*[0-9A-F]{1,16}$/.test(item)) return { by: "id", id: item };
  if (/^\d+$/.test(item)) {
    const name = nameOf(born);
    if (name !== undefined) return { by: "where", where: { name } };
    return undefined;
  }
  return { by: "where", where: { [namingAttribute(menu)]: item } };
}
