import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import { disarm, GUARD_SECONDS, renewLease, sweep } from "./arm.ts";
import { differingMenus } from "./compare_exports.ts";
import { judge } from "./foreign.ts";
import { differences, sameMenus } from "./menu_rows.ts";
import { wholeExport } from "./prepare.ts";
import { readMenus } from "./prove.ts";
import type { PushRun } from "./push_run.ts";
import { scriptName } from "./revert_script.ts";
import { readFacts, type RouterFacts } from "./router_facts.ts";
import { runInverse } from "./run_inverse.ts";

const AGAIN_MS = 2_000;
const SCRIPT_MS = 30_000;
/** How long a revert script is believed to be at work. */
const RUNNING_MS = 20_000;
const REST_MS = 40_000;
/** Ways back that are taken before a person is asked. */
const TRIES = 6;

type Step =
  | { readonly kind: "again"; readonly why: string }
  | { readonly kind: "back"; readonly foreign: readonly string[] };

/**
 * `reverting`: has the router take the change back, or waits until it has, and reads whether it did. Ends as
 * `reverted`, or as `unknown` after `patienceMs` without certainty.
 */
export async function takeBack(run: PushRun, patienceMs: number): Promise<void> {
  const untilMs = run.clock.monotonic() + patienceMs;
  await unrollHold(run);
  let why = "The router does not answer";
  let tries = 0;
  let reachedMs: number | undefined;
  do {
    let step: Step | undefined;
    try {
      step = await run.visit(async (connection) => {
        reachedMs ??= run.clock.monotonic();
        const seen = await look(run, connection, reachedMs);
        if (seen !== "changed") return seen;
        tries += 1;
        await goBack(run, connection, tries);
        return { kind: "again", why: await describe(run, connection) };
      });
    } catch (error) {
      if (!(error instanceof LinkFailed)) throw error;
      step = { kind: "again", why: `The router would not: ${error.message}` };
    }
    if (step?.kind === "back") return await end(run, step.foreign);
    if (step) why = step.why;
    if (tries >= TRIES) break;
    await run.sleep(AGAIN_MS);
    // One that answers is given the time that a revert takes.
  } while (run.clock.monotonic() < Math.max(untilMs, (reachedMs ?? -Infinity) + REST_MS));
  await run.save({ state: "unknown", reason: `${why}. It is looked at again.` }, why);
}

/** While it answers, whoever holds safe mode can have all undone at once. */
async function unrollHold(run: PushRun): Promise<void> {
  const { hold } = run;
  if (!hold) return;
  run.hold = undefined;
  try {
    await hold.run("/safe-mode/unroll");
    run.note("Safe mode took the change back");
  } catch (error) {
    if (!(error instanceof LinkFailed)) throw error;
    // Its end is the other way to have it undone: never by a farewell, which would keep the change.
  }
  await hold.close();
}

async function look(
  run: PushRun,
  connection: RouterConnection,
  sinceMs: number,
): Promise<Step | "changed"> {
  const { record, evidence } = run;
  const { token } = record;
  const facts = await readFacts(connection, token, run.clock.now());
  // A load that failed says for ever that it is under way.
  if (isRunning(facts) && run.clock.monotonic() - sinceMs < RUNNING_MS) {
    return { kind: "again", why: "The router is taking the change back" };
  }
  const now = await readMenus(run, connection);
  const isOld = sameMenus(evidence.before, now);
  const { holds, foreign } = isOld
    ? { holds: true, foreign: [] }
    : judge(record, evidence.before, now);
  if (!holds) return "changed";
  if (facts.safeMode?.isHeld) {
    const freed = await freeSafeMode(run, connection, facts);
    if (!freed) {
      return { kind: "again", why: `Safe mode is held by ${facts.safeMode.user || "somebody"}` };
    }
  }
  if (facts.jobs.length > 0 || facts.script) await disarm(run, connection);
  await sweep(connection, token, true);
  // What was under way while we looked shows itself now.
  const last = await readFacts(connection, token, run.clock.now());
  const rests = judge(record, evidence.before, await readMenus(run, connection)).holds;
  if (last.jobs.length > 0 || last.script || last.safeMode?.isHeld || !rests) {
    return { kind: "again", why: "The router is not at rest yet" };
  }
  return { kind: "back", foreign };
}

const isRunning = ({ fired, script }: RouterFacts) =>
  fired !== undefined && fired !== "done" && fired !== "failed" && script !== undefined;

/**
 * Our own hold outlives its connection until the router misses it, and would then take back what took the
 * change back. Any session may end it. Somebody else's is theirs.
 */
async function freeSafeMode(
  run: PushRun,
  connection: RouterConnection,
  { safeMode }: RouterFacts,
): Promise<boolean> {
  if (run.record.tier !== "safe_mode" || !await isOurUser(connection, safeMode!.user)) return false;
  await connection.run("/safe-mode/release");
  run.note("Ended the safe mode of a connection that is gone");
  return true;
}

async function isOurUser(connection: RouterConnection, holder: string): Promise<boolean> {
  const { rows } = await connection.run("/user/active/print", { proplist: ["name", "via"] });
  return rows.some(({ name, via }) => name === holder && (via ?? "").startsWith("api"));
}

/** The next way back: the router's own script, a backup it has, then step by step over the API. */
async function goBack(run: PushRun, connection: RouterConnection, tries: number): Promise<void> {
  const { plan, record } = run;
  const facts = await readFacts(connection, record.token, run.clock.now());
  if (facts.script && tries <= 2) {
    // With time enough for it, and a timer behind it.
    if (plan.net === "script") await renewLease(run, GUARD_SECONDS).catch(ignoreTrap);
    await command(connection, "/system/script/run", { number: scriptName(record.token) });
    return;
  }
  if (plan.backupFile !== null && tries <= 3) {
    await command(connection, "/system/backup/load", {
      name: plan.backupFile,
      password: plan.backupPassword!,
    });
    return;
  }
  await runInverse(connection, plan.inverse);
}

async function command(
  connection: RouterConnection,
  path: string,
  attributes: Record<string, string>,
): Promise<void> {
  try {
    await connection.run(path, { attributes, deadlineMs: SCRIPT_MS });
  } catch (error) {
    ignoreTrap(error);
  }
}

function ignoreTrap(error: unknown): void {
  // It was not done, as the next look will show.
  if (!(error instanceof LinkFailed && error.reason === "trap")) throw error;
}

async function describe(run: PushRun, connection: RouterConnection): Promise<string> {
  const lines = differences(run.evidence.before, await readMenus(run, connection));
  return lines.length === 0
    ? "The old configuration is there again"
    : `The old configuration is not there yet: ${lines.slice(0, 3).join("; ")}`;
}

async function end(run: PushRun, foreign: readonly string[]): Promise<void> {
  const { evidence, record, deps } = run;
  const text = wholeExport(await deps.exportText(record));
  const touched = new Set(evidence.before.map(({ menu }) => menu));
  const elsewhere = text === undefined || evidence.exportBefore === null
    ? []
    : differingMenus(evidence.exportBefore, text).filter((menu) => !touched.has(menu));
  const all = [...foreign, ...elsewhere.map((menu) => `${menu}: differs from before the push`)];
  await run.save(
    { state: "reverted", foreign: all },
    all.length === 0
      ? "Taken back: read again, the configuration is the old one"
      : "Taken back. Somebody else changed something meanwhile",
  );
}
