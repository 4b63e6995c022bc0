import {
  ConfigCommand,
  type ItemTarget,
  MAX_COMMANDS,
  MenuPath,
} from "@/core/contract/config_commands.ts";
import { splitWords } from "@/core/wire/routeros/export/words.ts";
import { namingAttribute } from "./item.ts";
import { NotPlain, plainValue, readPair, readTargets } from "./read_words.ts";
import { type Statement, statements } from "./statements.ts";

/** A line that is no change to a configuration. */
export interface ScriptProblem {
  readonly line: number;
  readonly text: string;
  /** A sentence. */
  readonly reason: string;
}

export interface ScriptReading {
  readonly commands: ConfigCommand[];
  readonly problems: ScriptProblem[];
}

const ACTIONS = new Set(["add", "set", "remove", "move", "enable", "disable", "comment", "unset"]);
/** What a script does that is no configuration. */
const DOES = new Set([
  ...["print", "export", "import", "reboot", "shutdown", "reset", "reset-configuration", "run"],
  ...["save", "load", "find", "get", "edit", "monitor", "flush", "upgrade", "downgrade", "ping"],
  ...["fetch", "execute", "undo", "redo", "quit", "beep", "password", "generate-key", "sign"],
  ...[
    "renew",
    "release",
    "reset-counters",
    "reset-mac-address",
    "make-static",
    "check-for-updates",
  ],
]);
/** Attributes that are written without a value. */
const FLAGS = new Set(["blackhole"]);
const MAX_TEXT = 1_000_000;

/**
 * A script of configuration commands as changes. What is none (`:if`, a reboot, a value that the router
 * works out) is a problem; whoever carries out the rest must know what was left out.
 */
export function commandsOfScript(text: string): ScriptReading {
  if (text.length > MAX_TEXT) {
    return { commands: [], problems: [{ line: 1, text: "", reason: "The script is too long." }] };
  }
  const reader = new Reader();
  for (const statement of statements(text)) reader.read(statement);
  reader.endSection();
  return reader;
}

class Reader implements ScriptReading {
  readonly commands: ConfigCommand[] = [];
  readonly problems: ScriptProblem[] = [];
  #menu = "";
  /** A path that no command followed yet. */
  #section: Statement | undefined;

  read(statement: Statement): void {
    try {
      for (const command of this.#read(statement)) {
        const parsed = ConfigCommand.safeParse(command);
        if (!parsed.success) throw new NotPlain(tellIssue(parsed.error.issues[0]!));
        if (this.commands.length === MAX_COMMANDS) {
          throw new NotPlain(`There are more than ${MAX_COMMANDS} changes.`);
        }
        this.commands.push(parsed.data);
      }
    } catch (error) {
      if (!(error instanceof NotPlain)) throw error;
      this.#refuse(statement, error.message);
    }
  }

  endSection(): void {
    if (this.#section) this.#refuse(this.#section, "No command of the configuration stands there");
    this.#section = undefined;
  }

  #refuse({ line, text }: Statement, reason: string): void {
    this.problems.push({
      line,
      text: text.slice(0, 200),
      reason: /[.!?]$/.test(reason) ? reason : `${reason}.`,
    });
  }

  #read(statement: Statement): ConfigCommand[] {
    const { text, isCut } = statement;
    const words = isCut ? undefined : splitWords(text);
    if (!words) throw new NotPlain("A quote, bracket or line is not closed");
    const [first = ""] = words;
    if (first.startsWith(":") || first.startsWith("{") || first.startsWith("$")) {
      throw new NotPlain("Commands of the scripting language are not carried out");
    }
    const at = words.findIndex((word) => ACTIONS.has(word));
    const path = at === -1 ? words : words.slice(0, at);
    const isFromTop = first.startsWith("/");
    const menu = menuOf(isFromTop ? path : [this.#menu, ...path]);
    if (at === -1) {
      const doing = words.find((word) => DOES.has(word.replace(/^.*\//, "")));
      if (doing || !isFromTop) {
        throw new NotPlain("This is no change to a configuration, so it is not carried out");
      }
      this.endSection();
      this.#menu = menu;
      this.#section = statement;
      return [];
    }
    if (menu === "") throw new NotPlain("No menu stands above it");
    if (!MenuPath.safeParse(menu).success) throw new NotPlain(`${menu} is no menu`);
    if (isFromTop) {
      this.endSection();
      this.#menu = menu;
    } else this.#section = undefined;
    return readCommand(menu, words[at]!, words.slice(at + 1));
  }
}

function menuOf(words: readonly string[]): string {
  const parts = words.join("/").split("/").filter(Boolean);
  return parts.length === 0 ? "" : `/${parts.join("/")}`;
}

function readCommand(menu: string, verb: string, words: readonly string[]): ConfigCommand[] {
  const naming = namingAttribute(menu);
  const given = new Map<string, string | null>();
  const bare: string[] = [];
  let group = "";
  for (const word of words) {
    const pair = readPair(word);
    if (pair) {
      // As exports write it: `configuration.mode=ap .ssid=x`.
      const name = pair.name.startsWith(".") && group !== "" ? group + pair.name : pair.name;
      group = /^(.+)\.[^.]+$/.exec(name)?.[1] ?? group;
      given.set(name, pair.written);
    } else if (verb === "add" && FLAGS.has(word)) given.set(word, "yes");
    else bare.push(word);
  }
  const take = (name: string): string | undefined => {
    const written = given.get(name);
    given.delete(name);
    return written ?? undefined;
  };
  const one = (word: string): ItemTarget => {
    const [target, ...others] = readTargets(word, naming);
    if (!target || others.length > 0) throw new NotPlain(`${word} is not one item`);
    return target;
  };
  if (verb === "add") {
    if (given.has("copy-from")) {
      throw new NotPlain("copy-from is not known: write what it shall be");
    }
    const next = take("place-before");
    const before = next === undefined ? null : one(next);
    demandNone(bare);
    const [values, unset] = split(given);
    if (unset.length > 0) throw new NotPlain(`What is new has no ${unset[0]} to unset`);
    return [{ action: "add", menu, attributes: values, before }];
  }
  const numbers = take("numbers") ?? take(".id");
  const chosen = numbers ?? bare.shift();
  const targets: ItemTarget[] = chosen === undefined
    ? verb === "set" ? [{ by: "menu" }] : []
    : readTargets(chosen, naming);
  if (targets.length === 0) throw new NotPlain("It does not say which item");
  if (verb === "move") {
    const next = take("destination") ?? bare.shift();
    const before = next === undefined ? null : one(next);
    demandNone([...bare, ...given.keys()]);
    return targets.map((target) => ({ action: "move", menu, target, before }));
  }
  if (verb === "remove") {
    demandNone([...bare, ...given.keys()]);
    return targets.map((target) => ({ action: "remove", menu, target }));
  }
  const attributes = attributesOf(verb, given, bare, take);
  demandNone(bare);
  if (Object.keys(attributes).length === 0) throw new NotPlain("It does not say what shall change");
  return targets.map((target) => ({ action: "set", menu, target, attributes }));
}

/** What `set`, `unset`, `comment`, `enable` and `disable` change. */
function attributesOf(
  verb: string,
  given: Map<string, string | null>,
  bare: string[],
  take: (name: string) => string | undefined,
): Record<string, string | null> {
  if (verb === "enable" || verb === "disable") {
    demandNone([...given.keys()]);
    return { disabled: verb === "disable" ? "yes" : "no" };
  }
  if (verb === "comment") {
    const written = take("comment") ?? bare.shift();
    if (written === undefined) throw new NotPlain("It does not say what the comment is");
    demandNone([...given.keys()]);
    return { comment: plainValue(written) };
  }
  if (verb === "unset") {
    const name = take("value-name") ?? bare.shift();
    if (name === undefined) throw new NotPlain("It does not say what to unset");
    demandNone([...given.keys()]);
    return { [plainValue(name)]: null };
  }
  const [values, unset] = split(given);
  return { ...values, ...Object.fromEntries(unset.map((name) => [name, null])) };
}

function split(given: ReadonlyMap<string, string | null>): [Record<string, string>, string[]] {
  const values: Record<string, string> = {};
  const unset: string[] = [];
  for (const [name, written] of given) {
    if (written === null) unset.push(name);
    else values[name] = plainValue(written);
  }
  return [values, unset];
}

function demandNone(words: readonly string[]): void {
  if (words.length > 0) throw new NotPlain(`${words[0]!.slice(0, 60)} is not understood`);
}

function tellIssue({ path, message }: { path: readonly PropertyKey[]; message: string }): string {
  return `${path.map(String).join(" ")}: ${message}`;
}
