import { bornName, type Item, nameOf, selectorKey } from "./item.ts";
import { type ConfigModel, isNamed, untouched } from "./model.ts";
import { roomOf } from "./references.ts";
import { clash } from "./unique.ts";

/** Less in common than this: one item goes and another comes. */
const ALIKE = 0.6;
const ROUNDS = 4;
/** Past it what has another name went and came. */
const MAX_COMPARED = 100_000;

interface Rename {
  readonly item: Item;
  readonly to: string;
}

/**
 * Gives items their wanted names before anything else, as all that refers to them follows by itself. A
 * name that is taken by what keeps or loses it later is made free by a passing one.
 *
 * @param rename carries it out; `false`: the item cannot be named in a command
 */
export function renameFirst(
  model: ConfigModel,
  wanted: ConfigModel,
  rename: (item: Item, to: string) => boolean,
): void {
  // A name that others refer to by makes them alike: each round may find more.
  for (let round = 0; round < ROUNDS; round += 1) {
    const waiting = [...findRenames(model, wanted)];
    if (waiting.length === 0) break;
    renameAll(model, wanted, waiting, rename);
  }
  for (const menu of wanted.menus()) {
    for (const item of wanted.items(menu)) {
      const name = nameOf(item);
      if (!isNamed(item) || item.command !== "add" || name === undefined) continue;
      const holder = holderOf(model, menu, name);
      // Of the same menu it is the same item; of another one it is in the way.
      if (holder && holder.menu !== menu) rename(holder, passingName(model, wanted, holder));
    }
  }
}

function renameAll(
  model: ConfigModel,
  wanted: ConfigModel,
  waiting: Rename[],
  rename: (item: Item, to: string) => boolean,
): void {
  while (waiting.length > 0) {
    const at = waiting.findIndex(({ item, to }) => !holderOf(model, item.menu, to));
    if (at >= 0) {
      const [{ item, to }] = waiting.splice(at, 1) as [Rename];
      rename(item, to);
      continue;
    }
    const { item, to } = waiting[0]!;
    const holder = holderOf(model, item.menu, to)!;
    if (holder === item || !rename(holder, passingName(model, wanted, holder))) waiting.shift();
  }
}

function holderOf(model: ConfigModel, menu: string, name: string): Item | undefined {
  return model.named(roomOf(menu), name);
}

function passingName(model: ConfigModel, wanted: ConfigModel, item: Item): string {
  const room = roomOf(item.menu);
  for (let nth = 1;; nth += 1) {
    const name = `${nameOf(item)}-old${nth > 1 ? nth : ""}`;
    if (!model.named(room, name) && !wanted.named(room, name)) return name;
  }
}

function* findRenames(model: ConfigModel, wanted: ConfigModel): Generator<Rename> {
  for (const menu of new Set([...model.menus(), ...wanted.menus()])) {
    if (!isNamed({ menu })) continue;
    yield* bornRenames(model.items(menu), wanted.items(menu));
    const [now, then] = [added(model.items(menu)), added(wanted.items(menu))];
    const [old, fresh] = [new Set(now.map(nameOf)), new Set(then.map(nameOf))];
    const gone = now.filter((item) => !fresh.has(nameOf(item)));
    const come = then.filter((item) => !old.has(nameOf(item)));
    if (gone.length * come.length > MAX_COMPARED) continue;
    const scored = gone.flatMap((item) =>
      come.map((other) => ({ item, other, score: likeness(item, other) }))
    ).filter(({ score }) => score >= ALIKE).sort((a, b) => b.score - a.score);
    const taken = new Set<Item>();
    for (const { item, other } of scored) {
      if (taken.has(item) || taken.has(other)) continue;
      taken.add(item).add(other);
      yield { item, to: nameOf(other)! };
    }
  }
}

function* bornRenames(now: readonly Item[], wanted: readonly Item[]): Generator<Rename> {
  const born = (items: readonly Item[]) =>
    new Map(
      items.filter((item) => bornName(item) !== undefined)
        .map((item) => [selectorKey(item.selector), item]),
    );
  const [old, fresh] = [born(now), born(wanted)];
  for (const key of new Set([...old.keys(), ...fresh.keys()])) {
    const [one, other] = [old.get(key), fresh.get(key)];
    const { menu, selector } = (one ?? other)!;
    const item = one ?? untouched(menu, selector);
    const to = nameOf(other ?? untouched(menu, selector))!;
    if (nameOf(item) !== to) yield { item, to };
  }
}

function added(items: readonly Item[]): Item[] {
  return items.filter((item) => item.command === "add" && nameOf(item) !== undefined);
}

/** 0 to 1: whether it is the same thing under another name. */
function likeness(a: Item, b: Item): number {
  if (clash(a, b)) return 1;
  const names = new Set([...a.attributes.keys(), ...b.attributes.keys()]);
  names.delete("name");
  const same = [...names].filter((name) => a.attributes.get(name) === b.attributes.get(name));
  return names.size === 0 ? 0 : same.length / names.size;
}
