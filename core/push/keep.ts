import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import { disarm, renewLease, sweep, WAIT_SECONDS } from "./arm.ts";
import { releaseSafeMode } from "./carry_out.ts";
import { judge } from "./foreign.ts";
import { sameMenus } from "./menu_rows.ts";
import { readMenus } from "./prove.ts";
import type { PushRun } from "./push_run.ts";
import { readFacts } from "./router_facts.ts";

const AGAIN_MS = 2_000;
const BOOT_TOLERANCE_MS = 15_000;

type Step =
  | { readonly kind: "again"; readonly why: string }
  | { readonly kind: "kept"; readonly foreign: readonly string[] }
  | { readonly kind: "lost"; readonly reason: string };

/**
 * `confirming`: takes the guard away and looks that it is gone and the change still there. Ends as
 * `confirmed`, as `reverting` where the router was faster, or as `unknown` after `patienceMs` of silence.
 */
export async function keep(run: PushRun, patienceMs: number): Promise<void> {
  const untilMs = run.clock.monotonic() + patienceMs;
  if (run.hold) {
    const problem = await releaseSafeMode(run);
    if (problem !== null) run.note(problem);
  }
  let why = "The router does not answer";
  do {
    let step: Step | undefined;
    try {
      step = await run.visit((connection) => settle(run, connection));
    } catch (error) {
      if (!(error instanceof LinkFailed)) throw error;
      step = { kind: "again", why: `The router would not: ${error.message}` };
    }
    if (step?.kind === "kept") {
      const { foreign } = step;
      return await run.save(
        { state: "confirmed", foreign, reason: null },
        foreign.length > 0
          ? "Kept. Somebody else changed something meanwhile"
          : "Kept: nothing of the push is left on the router",
      );
    }
    if (step?.kind === "lost") {
      return await run.save(
        { state: "reverting", aim: "revert", reason: step.reason },
        step.reason,
      );
    }
    if (step) why = step.why;
    await run.sleep(AGAIN_MS);
  } while (run.clock.monotonic() < untilMs);
  await run.save(
    {
      state: "unknown",
      reason: `${why}. Whether the change was kept shows when the router answers.`,
    },
    why,
  );
}

async function settle(run: PushRun, connection: RouterConnection): Promise<Step> {
  const { record, evidence, plan } = run;
  const after = evidence.after!;
  const { token } = record;
  const facts = await readFacts(connection, token, run.clock.now());
  const isNoop = sameMenus(evidence.before, after);
  const lost = (reason: string): Step => ({ kind: "lost", reason });
  if (facts.fired !== undefined && !isNoop) {
    return lost("The router had taken the change back before it could be kept");
  }
  if (!isNoop && sameMenus(evidence.before, await readMenus(run, connection))) {
    return lost("The router holds the old configuration: it took the change back by itself");
  }
  if (facts.safeMode?.isHeld) {
    // What is done now would go with the safe mode of whoever holds it.
    if (plan.net === "script" || plan.net === "backup") await renewLease(run, WAIT_SECONDS);
    return { kind: "again", why: `Safe mode is held by ${facts.safeMode.user || "somebody"}` };
  }
  if (await disarm(run, connection) === "fired" && !isNoop) {
    return lost("The router had taken the change back before it could be kept");
  }
  const now = await readMenus(run, connection);
  const { holds, foreign } = judge(record, after, now);
  if (!holds) return lost("What the push had made was changed before it was kept");
  await sweep(connection, token, true);
  const last = await readFacts(connection, token, run.clock.now());
  if (last.jobs.length > 0 || last.script || last.safeMode?.isHeld) {
    return { kind: "again", why: "What guarded the router came back" };
  }
  if (Math.abs(last.bootedAt - evidence.bootedAt) > BOOT_TOLERANCE_MS) {
    run.note("The router restarted meanwhile, and holds the change");
  }
  return { kind: "kept", foreign };
}
