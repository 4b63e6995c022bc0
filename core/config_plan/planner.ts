import { isOrdered } from "@/core/configs/item_keys.ts";
import { maskEntry } from "@/core/configs/secrets.ts";
import { labelOf } from "@/core/configs/semantic_diff.ts";
import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { resetValue } from "./defaults.ts";
import { entryOf, type Item, nameOf } from "./item.ts";
import { longestRun } from "./longest_run.ts";
import { rankOf } from "./menu_order.ts";
import { CannotApply, type ConfigModel, untouched } from "./model.ts";
import { type ItemPair, pairItems } from "./pair_items.ts";
import { isReferable, isTextToo, namesIn, roomOf } from "./references.ts";
import { renameFirst } from "./rename_first.ts";
import { targetOf } from "./target.ts";
import { uniqueKeys } from "./unique.ts";
import { wantedChanges, whyNotMade } from "./wanted_changes.ts";

/** Something that a plan leaves as it is. */
export interface Impossible {
  readonly menu: string;
  readonly label: string;
  /** A clause: "its default is not known". */
  readonly why: string;
}

interface Step {
  readonly kind: "write" | "move" | "late" | "remove";
  readonly menu: string;
  /** The item on the router; a write without one adds it. */
  now: Item | undefined;
  readonly wanted: Item | undefined;
  state: "waiting" | "doing" | "done";
}

/** What takes effect when everything else of its kind is in place. */
const LATE: Readonly<Record<string, string>> = { "/interface/bridge": "vlan-filtering" };
/** Attributes that tell items apart and may have any number for a while. */
const PASSING: Readonly<Record<string, { attribute: string; highest: number }>> = {
  "/interface/vlan": { attribute: "vlan-id", highest: 4_094 },
  "/interface/wireguard": { attribute: "listen-port", highest: 65_535 },
};
const NO_WAY = "the export names it by a number, which does not tell which one it is";

/** Turns one configuration into another on a model, and keeps what it did. */
export class Planner {
  readonly commands: ConfigCommand[] = [];
  readonly cannot: Impossible[] = [];
  /** Something stopped referring to what it shall refer to: another planner has to mend it. */
  hasLoosened = false;
  readonly #model: ConfigModel;
  readonly #wanted: ConfigModel;
  readonly #hasSecrets: boolean;
  readonly #steps: Step[] = [];
  /** Steps that make an item of that name. */
  readonly #makers = new Map<string, Step>();
  readonly #stepOf = new Map<Item, Step>();
  readonly #holders = new Map<string, Item>();
  /** Of menus whose order counts: the wanted items in order, and those that stand where they belong. */
  readonly #orders = new Map<string, readonly Item[]>();
  readonly #placed = new Map<Item, Item>();

  constructor(model: ConfigModel, wanted: ConfigModel, hasSecrets: boolean) {
    this.#model = model;
    this.#wanted = wanted;
    this.#hasSecrets = hasSecrets;
  }

  run(): void {
    renameFirst(this.#model, this.#wanted, (item, to) => this.#rename(item, to));
    for (const menu of new Set([...this.#wanted.menus(), ...this.#model.menus()])) {
      for (const item of this.#model.items(menu)) this.#hold(item);
      this.#prepare(menu, pairItems(menu, this.#model.items(menu), this.#wanted.items(menu)));
    }
    const writes = this.#steps.filter(({ kind }) => kind === "write" || kind === "move");
    writes.sort((a, b) => rankOf(a.menu) - rankOf(b.menu));
    for (const step of writes) this.#carryOut(step);
    for (const step of this.#steps) if (step.kind === "late") this.#carryOut(step);
    const removals = this.#steps.filter(({ kind }) => kind === "remove").reverse();
    removals.sort((a, b) => rankOf(b.menu) - rankOf(a.menu));
    for (const step of removals) this.#carryOut(step);
  }

  #rename(item: Item, to: string): boolean {
    if (!this.#set(item, { name: to })) return false;
    for (const { other, attribute, value } of this.#referrersOf(item)) {
      if (!isTextToo(other.menu, attribute)) continue;
      const items = this.#model.items(other.menu);
      const target = targetOf(other, items, attribute);
      if (!target || (target.by === "where" && target.nth !== undefined)) continue;
      const attributes = { [attribute]: value };
      this.#do({ action: "set", menu: other.menu, target, attributes }, other, undefined);
    }
    return true;
  }

  #prepare(menu: string, pairs: readonly ItemPair[]): void {
    const step = (kind: Step["kind"], { now, wanted }: ItemPair): Step => {
      const made: Step = { kind, menu, now, wanted, state: "waiting" };
      this.#steps.push(made);
      return made;
    };
    for (const pair of pairs) {
      const { now, wanted } = pair;
      if (wanted || now!.command === "set") {
        const write = step("write", pair);
        if (now) this.#stepOf.set(now, write);
        else if (wanted!.command === "add") {
          const name = nameOf(wanted!);
          if (name !== undefined) this.#makers.set(`${roomOf(menu)} ${name}`, write);
        }
        const late = LATE[menu];
        if (late && now && wanted?.attributes.get(late) === "yes" && !now.attributes.has(late)) {
          step("late", pair);
        }
      } else this.#stepOf.set(now!, step("remove", pair));
    }
    if (isOrdered(menu)) this.#order(menu, pairs, (pair) => step("move", pair));
  }

  /** As many as can stay where they are do; the others are moved. */
  #order(menu: string, pairs: readonly ItemPair[], move: (pair: ItemPair) => void): void {
    const wanted = pairs.filter((pair) => pair.wanted?.command === "add");
    this.#orders.set(menu, wanted.map((pair) => pair.wanted!));
    const both = wanted.filter((pair) => pair.now);
    const places = new Map(this.#model.items(menu).map((item, at) => [item, at]));
    const stay = longestRun(both.map(({ now }) => places.get(now!)!));
    for (const [at, pair] of both.entries()) {
      if (stay.has(at)) this.#placed.set(pair.wanted!, pair.now!);
      else move(pair);
    }
  }

  #carryOut(step: Step): void {
    if (step.state !== "waiting") return;
    step.state = "doing";
    if (step.kind === "remove") this.#remove(step);
    else if (step.kind === "move") this.#move(step);
    else if (step.kind === "late") this.#late(step);
    else if (step.now || step.wanted?.command === "set") this.#write(step);
    else this.#add(step, step.wanted!);
    step.state = "done";
  }

  #write(step: Step): void {
    const { menu } = step;
    const { selector } = (step.wanted ?? step.now)!;
    const now = step.now ?? untouched(menu, selector);
    const wanted = step.wanted ?? untouched(menu, selector);
    const first = wantedChanges(now, wanted, this.#hasSecrets);
    for (const [name, value] of Object.entries(first.attributes)) this.#need(menu, name, value);
    const after: Item = { ...now, attributes: new Map(now.attributes) };
    for (const [name, value] of Object.entries(first.attributes)) after.attributes.set(name, value);
    if (Object.keys(first.attributes).length > 0) this.#makeWay(after, now);
    // What stood in a circle with it was taken away to be made anew.
    if (step.now && !this.#model.items(menu).includes(step.now)) {
      return this.#add(step, wanted);
    }
    const { attributes, left, isCuredByNew } = wantedChanges(now, wanted, this.#hasSecrets);
    if (
      left.length > 0 && isCuredByNew && now.command === "add" &&
      this.#referrersOf(now).length === 0
    ) {
      return this.#replace(step, now, wanted);
    }
    for (const { name, why } of left) this.#leave(now, `${name}: ${why}`);
    const late = LATE[menu];
    if (late && step.now && attributes[late] === "yes") delete attributes[late];
    this.#set(now, attributes);
  }

  #late({ menu, now, wanted }: Step): void {
    const { attributes } = wantedChanges(now!, wanted!, this.#hasSecrets);
    const late = LATE[menu]!;
    if (attributes[late] === "yes") this.#set(now!, { [late]: "yes" });
  }

  #add(step: Step, wanted: Item): void {
    const { menu } = step;
    const why = whyNotMade(wanted, this.#hasSecrets);
    if (why) return this.#leave(wanted, why);
    for (const [name, value] of wanted.attributes) this.#need(menu, name, value);
    this.#makeWay(wanted, undefined);
    const given = [...wanted.attributes];
    const values = given.filter((one): one is [string, string] => one[1] !== null);
    const unset = given.filter(([, value]) => value === null);
    const next = this.#nextOf(wanted);
    const before = next && this.#target(next);
    if (next && !before) return this.#leave(wanted, NO_WAY);
    const item = this.#do(
      { action: "add", menu, attributes: Object.fromEntries(values), before: before ?? null },
      undefined,
      next,
      wanted,
    );
    if (!item) return;
    step.now = item;
    if (this.#orders.has(menu)) this.#placed.set(wanted, item);
    if (unset.length > 0) this.#set(item, Object.fromEntries(unset));
  }

  /** Its attributes go back to defaults that we do not know: an item made anew has them. */
  #replace(step: Step, now: Item, wanted: Item): void {
    if (!this.#take(now)) return;
    step.now = undefined;
    this.#add(step, wanted);
    for (const other of this.#steps) if (other.now === now) other.state = "done";
  }

  #move({ menu, now, wanted }: Step): void {
    if (!this.#model.items(menu).includes(now!)) return;
    const next = this.#nextOf(wanted!);
    const [target, before] = [this.#target(now!), next && this.#target(next)];
    if (!target || (next && !before)) return this.#leave(wanted!, NO_WAY);
    this.#do({ action: "move", menu, target, before: before ?? null }, now, next);
    this.#placed.set(wanted!, now!);
  }

  #remove({ now }: Step): void {
    // What refers to it is changed or goes first.
    for (const { other } of this.#referrersOf(now!)) {
      const step = this.#stepOf.get(other);
      if (step?.state === "waiting") this.#carryOut(step);
    }
    this.#take(now!);
  }

  #take(item: Item): boolean {
    if (!this.#model.items(item.menu).includes(item)) return true;
    const target = this.#target(item);
    if (!target) {
      this.#leave(item, NO_WAY);
      return false;
    }
    this.#do({ action: "remove", menu: item.menu, target }, item, undefined);
    for (const [wanted, placed] of this.#placed) if (placed === item) this.#placed.delete(wanted);
    return true;
  }

  /** @returns `false`: there is no way to name it */
  #set(item: Item, attributes: Record<string, string | null>): boolean {
    if (Object.keys(attributes).length === 0) return true;
    const target = this.#target(item);
    if (!target) {
      this.#leave(item, NO_WAY);
      return false;
    }
    const command: ConfigCommand = { action: "set", menu: item.menu, target, attributes };
    return this.#do(command, item, undefined) !== undefined;
  }

  /** What an attribute refers to is made first. */
  #need(menu: string, name: string, value: string | null): void {
    for (const { room, name: needed } of namesIn(menu, name, value)) {
      const maker = this.#makers.get(`${room} ${needed}`);
      if (maker) this.#carryOut(maker);
    }
  }

  /** Changes or takes away what the router would not have beside `item`. */
  #makeWay(item: Item, self: Item | undefined): void {
    for (const key of uniqueKeys(item)) {
      const holder = this.#holders.get(key);
      if (!holder || holder === self) continue;
      const step = this.#stepOf.get(holder);
      const passing = PASSING[holder.menu];
      const isStillNeeded = step?.kind === "remove" && this.#referrersOf(holder).length > 0;
      if (step?.state === "waiting" && !(isStillNeeded && passing)) this.#carryOut(step);
      // It cannot go yet, or each waits for the other: it steps aside, or goes and is made anew.
      else if (step && step.state !== "done" && passing) this.#stepAside(holder, passing);
      else if (step?.state === "doing" && holder.command === "add" && this.#letGo(holder)) {
        this.#take(holder);
      }
    }
  }

  #stepAside(item: Item, { attribute, highest }: { attribute: string; highest: number }): void {
    for (let value = highest; value > 0; value -= 1) {
      const aside: Item = { ...item, attributes: new Map(item.attributes) };
      aside.attributes.set(attribute, String(value));
      if (
        uniqueKeys(aside).some((key) => this.#holders.get(key) !== item && this.#holders.has(key))
      ) {
        continue;
      }
      this.#set(item, { [attribute]: String(value) });
      return;
    }
  }

  /** What refers to the item stops doing so for a while. @returns whether nothing refers to it now */
  #letGo(item: Item): boolean {
    const resets = this.#referrersOf(item).map(({ other, attribute, value }) => ({
      other,
      attribute,
      reset: resetValue(other.menu, attribute, value),
    }));
    if (resets.some(({ reset }) => reset === undefined)) return false;
    for (const { other, attribute, reset } of resets) this.#set(other, { [attribute]: reset! });
    this.hasLoosened ||= resets.length > 0;
    return true;
  }

  #nextOf(wanted: Item): Item | undefined {
    const order = this.#orders.get(wanted.menu) ?? [];
    for (let at = order.indexOf(wanted) + 1; at < order.length && at > 0; at += 1) {
      const item = this.#placed.get(order[at]!);
      if (item) return item;
    }
    return undefined;
  }

  #referrersOf(item: Item): { other: Item; attribute: string; value: string | null }[] {
    const name = nameOf(item);
    if (name === undefined || !isReferable(item.menu)) return [];
    const room = roomOf(item.menu);
    return this.#model.menus().flatMap((menu) => this.#model.items(menu)).flatMap((other) =>
      [...other.attributes].filter(([attribute, value]) =>
        namesIn(other.menu, attribute, value).some((one) => one.room === room && one.name === name)
      ).map(([attribute, value]) => ({ other, attribute, value }))
    );
  }

  #target(item: Item): ItemTarget | undefined {
    return targetOf(item, this.#model.items(item.menu));
  }

  /** @returns the item it was about; `undefined`: the router would refuse it, which is noted */
  #do(
    command: ConfigCommand,
    item: Item | undefined,
    before: Item | undefined,
    wanted = item,
  ): Item | undefined {
    const keys = item ? uniqueKeys(item) : [];
    let done: Item;
    try {
      done = this.#model.carryOut(command, item, before);
    } catch (error) {
      if (!(error instanceof CannotApply)) throw error;
      this.#leave(wanted!, error.message);
      return undefined;
    }
    for (const key of keys) if (this.#holders.get(key) === item) this.#holders.delete(key);
    if (command.action !== "remove") this.#hold(done);
    if (command.action === "set" && "name" in command.attributes) {
      for (const menu of this.#model.menus()) this.#model.items(menu).forEach(this.#hold, this);
    }
    this.commands.push(command);
    return done;
  }

  #hold(item: Item): void {
    for (const key of uniqueKeys(item)) this.#holders.set(key, item);
  }

  #leave(item: Item, why: string): void {
    const { menu } = item;
    const label = labelOf(maskEntry(entryOf(item, 0)));
    this.cannot.push({ menu, label, why });
  }
}
