import type { PushState } from "@/core/contract/pushes.ts";
import { awaitDecision } from "./await_decision.ts";
import { carryOut } from "./carry_out.ts";
import type { PushDeps } from "./deps.ts";
import { keep } from "./keep.ts";
import { prepare } from "./prepare.ts";
import { PushRun } from "./push_run.ts";
import { StaleWorker } from "./store.ts";
import { takeBack } from "./take_back.ts";

export interface DriveEnd {
  /** `null`: another worker has it. */
  readonly state: PushState | null;
  /** After how long to drive it again; `null`: it has ended, or is not ours. */
  readonly again: number | null;
}

/** A silence longer than the router's timer, a revert and a restart together. */
const PATIENCE_MS = 240_000;
const KEEP_PATIENCE_MS = 120_000;
/** Of one look at a push whose state is not known. */
const GLANCE_MS = 1_000;
const LOOK_AGAIN_MS = 15_000;

/**
 * Drives a push as far as it goes, from whatever state it was left in. Each state is stored before the step
 * it names, so a worker may die anywhere; one that lost its push to another stops before it touches
 * anything.
 */
export async function drivePush(id: string, deps: PushDeps): Promise<DriveEnd> {
  const taken = await deps.store.take(id);
  if (!taken) return { state: null, again: null };
  const run = new PushRun(deps, taken.record, taken.epoch);
  try {
    const end = await drive(run);
    await deps.store.release(id, taken.epoch);
    return end;
  } catch (error) {
    if (!(error instanceof StaleWorker)) throw error;
    deps.log.warn("another worker took the push", { pushId: id });
    return { state: null, again: null };
  } finally {
    await run.closeAll();
  }
}

async function drive(run: PushRun): Promise<DriveEnd> {
  // Another worker left it in the middle of the change: how far it went is not known.
  if (stateOf(run) === "armed") {
    const reason = "The manager was interrupted while the change was made";
    await run.save({ state: "reverting", aim: "revert", reason }, reason);
  }
  if (stateOf(run) === "unknown") {
    const isToKeep = run.record.aim === "keep" && run.record.decision?.action !== "revert";
    await (isToKeep ? keep(run, GLANCE_MS) : takeBack(run, GLANCE_MS));
    if (stateOf(run) === "unknown") return { state: "unknown", again: LOOK_AGAIN_MS };
  }
  for (;;) {
    const state = stateOf(run);
    switch (state) {
      case "draft":
      case "backed_up":
        await prepare(run);
        break;
      case "armed":
        await carryOut(run);
        break;
      case "applied":
        await awaitDecision(run);
        break;
      case "confirming":
        await keep(run, KEEP_PATIENCE_MS);
        break;
      case "reverting":
        await takeBack(run, PATIENCE_MS);
        break;
      case "unknown":
        return { state, again: LOOK_AGAIN_MS };
      case "confirmed":
      case "reverted":
      case "failed":
        return { state, again: null };
    }
  }
}

/** Read anew each time: every step changes it. */
const stateOf = (run: PushRun): PushState => run.record.state;
