import { perform } from "../command.ts";
import { exportText } from "../export.ts";
import { type Row, valueAt } from "../live.ts";
import { parseRequest } from "../request.ts";
import { notPermitted, Trap } from "../trap.ts";
import { commandsOf } from "./known.ts";
import type { Run, Step } from "./run.ts";
import type { Argument, Statement } from "./syntax.ts";
import { argumentText, type Value } from "./values.ts";

type Command = Extract<Statement, { kind: "command" }>;

/** Runs one command of a script through the way all commands go. */
export function* runCommand(run: Run, command: Command): Step {
  const { router } = run;
  const menu = router.tree.menus.get(command.menu);
  if (command.menu === "/log" && command.verb !== "print") return yield* log(run, command);
  if (command.verb === "find") {
    return (yield* run.select(menu!, command.where)).map((row) => String(row[".id"]));
  }
  const words = yield* wordsOf(run, command);
  if (words === undefined) return undefined;
  if (command.verb === "export" && command.menu !== "") return exportMenu(run, command.menu, words);
  if (command.where) {
    return print(run, yield* run.select(menu!, command.where), words);
  }
  try {
    const unset: string[] = [];
    const sent = words.filter((word) => {
      if (!word.startsWith("!")) return true;
      unset.push(word.slice(1));
      return false;
    });
    const result = perform(router, parseRequest([`${command.menu}/${command.verb}`, ...sent]), {
      ...run.actor,
      isScript: true,
    });
    for (const name of unset) {
      const targets = sent.filter((word) => /^=(numbers|\.id)=/.test(word));
      perform(
        router,
        parseRequest([`${command.menu}/unset`, ...targets, `=value-name=${name}`]),
        { ...run.actor, isScript: true },
      );
    }
    switch (result.kind) {
      case "ret":
        if (command.verb === "export") run.output += result.ret ?? "";
        return result.ret !== undefined && /^\d+$/.test(result.ret)
          ? Number(result.ret)
          : result.ret;
      case "task":
        return yield* result.task;
      case "rows":
        return print(run, result.rows, words);
      case "periodic": {
        let rows: Row[] = [];
        for (let round = 0; round < Math.min(result.rounds, 1_000); round++) {
          rows = result.rows(round);
          if (round + 1 < result.rounds) yield result.everyMs;
        }
        // `[/ping …]` is how many came back.
        return rows.at(-1)?.["received"] === undefined
          ? undefined
          : Number(rows.at(-1)!["received"]);
      }
    }
    return undefined;
  } catch (error) {
    if (error instanceof Trap && !error.isPlaced) {
      error.place(`${command.menu}/${command.verb}`, command.line, router.version.major >= 7);
    }
    throw error;
  }
}

/** The words of the API for a command of a script; `undefined` when it is about no item at all. */
function* wordsOf(
  run: Run,
  command: Command,
): Generator<number, string[] | undefined> {
  const names = commandsOf(run.router.tree).placesOf(command.menu, command.verb);
  const words: string[] = [];
  let place = 0;
  for (const arg of command.args) {
    if (arg.isUnset) {
      words.push(`!${arg.name}`);
      continue;
    }
    const name = arg.name ?? names[place++]!;
    const value = yield* run.value(arg.value);
    const isTarget = name === "numbers" || name === ".id";
    if (isTarget && arg.value?.kind === "call" && Array.isArray(value) && value.length === 0) {
      return undefined;
    }
    words.push(`=${name}=${asWritten(arg, value)}`);
  }
  return words;
}

/** A bare word goes on as it was written: `007` is no number there. */
function asWritten(arg: Argument, value: Value): string {
  return arg.value?.kind === "text" ? arg.value.value : argumentText(value);
}

/** `/ip address export`: one menu and what is below it. */
function exportMenu(run: Run, under: string, words: readonly string[]): Value {
  const has = (name: string) => words.some((word) => word.startsWith(`=${name}=`));
  if (has("show-sensitive") && !run.actor.policies.has("sensitive")) throw notPermitted();
  run.output += exportText(run.router, {
    isTerse: has("terse"),
    hasSecrets: has("show-sensitive") ? true : has("hide-sensitive") ? false : undefined,
    under,
  });
  return undefined;
}

function* log(run: Run, command: Command): Step {
  const [message] = command.args;
  run.router.log(`script,${command.verb}`, argumentText(yield* run.value(message?.value)));
  return undefined;
}

/** As a console shows items; inside brackets only `count-only` and `as-value` are worth something. */
function print(run: Run, rows: readonly Row[], words: readonly string[]): Value {
  if (words.some((word) => word.startsWith("=count-only="))) return rows.length;
  const now = run.router.now();
  for (const [i, row] of rows.entries()) {
    const shown = Object.entries(row).filter(([name]) => !name.startsWith("$") && name !== ".id")
      .map(([name, value]) => `${name}=${valueAt(value, now)}`);
    run.output += ` ${i} ${shown.join(" ")}\r\n`;
  }
  return undefined;
}
