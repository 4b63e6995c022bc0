import { deepEqual } from "node:assert/strict";
import { diffExports } from "@/core/configs/semantic_diff.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { randomPair } from "@/tests/support/random_config.ts";
import { applyCommands } from "./apply_commands.ts";
import { type Item, nameOf } from "./item.ts";
import { ConfigModel } from "./model.ts";
import { normalise } from "./normalise.ts";
import { planChanges } from "./plan_changes.ts";
import { printChange, printScript } from "./print_script.ts";
import { commandsOfScript } from "./read_script.ts";
import { namesIn, roomOf } from "./references.ts";
import { uniqueKeys } from "./unique.ts";

const PAIRS = Number(Deno.env.get("TOD_PAIRS") ?? 80);
const SEED = Number(Deno.env.get("TOD_SEED") ?? Math.floor(Math.random() * 1e6));

Deno.test(`planChanges() turns A into B: ${PAIRS} random pairs from seed ${SEED}`, () => {
  const started = performance.now();
  let commands = 0;
  for (let seed = SEED; seed < SEED + PAIRS; seed += 1) {
    const [a, b] = randomPair(seed).map((text) => {
      const { entries, problems } = parseExport(text);
      deepEqual(problems, [], text);
      return entries;
    });
    const plan = planChanges(a!, b!);
    const told = () =>
      [
        `TOD_SEED=${seed}`,
        ...plan.cannot.map((one) => JSON.stringify(one)),
        "",
        ...plan.commands.map(tell),
      ].join("\n");
    deepEqual(plan.cannot, [], told());
    watchStep(new StrictRouter(a!), plan.commands, told);
    deepEqual(diffExports(applyCommands(a!, plan.commands), normalise(b!)), [], told());
    deepEqual(commandsOfScript(printScript(plan.commands)), {
      commands: plan.commands,
      problems: [],
    });
    commands += plan.commands.length;
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${PAIRS} pairs from seed ${SEED}, ${commands} commands, ${seconds} s`);
});

Deno.test("recorded exports turn into each other, but for what a plan says that it cannot", async () => {
  const root = Deno.env.get("TOD_RECORDINGS");
  if (root === undefined) return console.log("TOD_RECORDINGS is not set: no recordings are read");
  const folder = `${root}/oxidized/spec/model/data`;
  const recorded = [];
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith("output.txt")) continue;
    recorded.push(parseExport(await Deno.readTextFile(`${folder}/${name}`)).entries);
  }
  let [commands, cannot] = [0, 0];
  for (const a of recorded) {
    for (const b of recorded) {
      const plan = planChanges(a, b);
      const left = diffExports(applyCommands(a, plan.commands), normalise(b));
      const told = new Set(plan.cannot.map(({ menu }) => menu));
      deepEqual(left.filter(({ menu }) => !told.has(menu)), []);
      commands += plan.commands.length;
      cannot += plan.cannot.length;
    }
  }
  console.log(
    `${recorded.length ** 2} pairs of recordings: ${commands} commands, ${cannot} cannot`,
  );
});

const tell = (command: ConfigCommand) => `${command.menu} ${printChange(command)}`;

function watchStep(
  router: StrictRouter,
  commands: readonly ConfigCommand[],
  told: () => string,
): void {
  for (const [at, command] of commands.entries()) {
    try {
      router.apply(command);
    } catch (error) {
      throw new Error(`${at}: ${tell(command)}: ${(error as Error).message}\n${told()}`);
    }
  }
}

const WORDS = new Set(["main", "default", "memory", "remote"]);

/** Refuses what a router refuses, and what would leave a reference to nothing. */
class StrictRouter extends ConfigModel {
  override carryOut(
    command: ConfigCommand,
    item: Item | undefined,
    before: Item | undefined,
  ): Item {
    const name = item && nameOf(item);
    const done = super.carryOut(command, item, before);
    if (command.action === "remove" && name !== undefined) {
      const room = roomOf(command.menu);
      const left = this.#all().find((one) => this.#refersTo(one, room, name));
      if (left) throw new Error(`${left.menu} ${[...left.attributes].join(" ")} refers to it`);
    }
    if (command.action === "add" || command.action === "set") this.#check(done);
    return done;
  }

  #all(): Item[] {
    return this.menus().flatMap((menu) => this.items(menu));
  }

  #refersTo(item: Item, room: string, name: string): boolean {
    return [...item.attributes].some(([attribute, value]) =>
      namesIn(item.menu, attribute, value).some((one) => one.room === room && one.name === name)
    );
  }

  #check(item: Item): void {
    for (const [attribute, value] of item.attributes) {
      const names = namesIn(item.menu, attribute, value);
      if (names.length === 0 || names.some(({ room, name }) => this.#knows(room, name))) continue;
      throw new Error(`${attribute}=${value} refers to nothing`);
    }
    const keys = new Set(uniqueKeys(item));
    for (const other of this.items(item.menu)) {
      if (other === item) continue;
      const key = uniqueKeys(other).find((one) => keys.has(one));
      if (key) throw new Error(`already have ${key}`);
    }
  }

  #knows(room: string, name: string): boolean {
    if (WORDS.has(name) || /^[\d./]+$/.test(name)) return true;
    if (this.named(room, name)) return true;
    // A port that nobody renamed is in no export.
    return room === "interface" && /^ether[1-5]$/.test(name) &&
      !this.items("/interface/ethernet").some((item) =>
        item.selector?.kind === "find" && item.selector.where[0]!.value === name &&
        item.attributes.has("name")
      );
  }
}
