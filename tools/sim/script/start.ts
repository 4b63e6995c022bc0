import type { Actor, Task } from "../menu.ts";
import { PowerGone } from "../moments.ts";
import type { SimRouter } from "../router.ts";
import { run } from "../tasks.ts";
import { Trap } from "../trap.ts";
import { commandsOf } from "./known.ts";
import { parse } from "./parse.ts";
import { Run } from "./run.ts";
import { textOf } from "./values.ts";

/**
 * A script as work to be done.
 *
 * @returns what it said, or what it returned where it said nothing
 * @throws {SyntaxTrap} when it is no script
 */
export function scriptTask(router: SimRouter, source: string, actor: Actor): Task {
  const body = parse(source, commandsOf(router.tree));
  const script = new Run(router, actor);
  return (function* () {
    const value = yield* script.whole(body);
    return script.output !== "" ? script.output : value === undefined ? "" : textOf(value);
  })();
}

/** Who the router itself is when it runs what a user left behind. */
export interface Owner {
  readonly name: string;
  readonly policies: ReadonlySet<string>;
  /** The job, for the log. */
  readonly what: string;
}

/** Runs a script by its name, or the text itself where there is none of that name. */
export function runNamed(router: SimRouter, text: string, owner: Owner): void {
  const script = router.config.rows("/system/script").find((row) => row["name"] === text);
  const source = script ? String(script["source"] ?? "") : text;
  const actor: Actor = {
    name: owner.name,
    policies: owner.policies,
    holder: undefined,
    isScript: true,
    hangUp: () => {},
  };
  const failed = (error: unknown) => {
    if (error instanceof PowerGone) return;
    if (!(error instanceof Trap)) throw error;
    router.log("script,error", `executing script from ${owner.what} failed: ${error.message}`);
  };
  try {
    run(router, scriptTask(router, source, actor), (error) => {
      if (error !== undefined) failed(error);
    });
  } catch (error) {
    failed(error);
  }
}
