import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import { heldActions } from "./apply.ts";
import { renewLease, WAIT_SECONDS } from "./arm.ts";
import { readMenus } from "./prove.ts";
import type { PushRun } from "./push_run.ts";
import { printRevertScript, scriptName } from "./revert_script.ts";

const LOOK_MS = 1_000;
/** Time left on the router's timer when it is renewed: enough to try several times. */
const RENEW_MS = 30_000;
const BEAT_MS = 5_000;

/** `applied`: waits for a person, or keeps it at once. Ends as `confirming` or `reverting`. */
export async function awaitDecision(run: PushRun): Promise<void> {
  const { request } = run.record;
  const decision = await run.renew();
  if (request.confirm === "auto" && decision?.action !== "revert") {
    return await run.save({ state: "confirming", aim: "keep" }, "It works: to be kept");
  }
  let beatMs = run.clock.monotonic();
  for (;;) {
    const { record } = run;
    if (record.decision) {
      const { action, actor } = record.decision;
      const who = actor === null ? "" : ` by ${actor}`;
      return action === "confirm"
        ? await run.save({ state: "confirming", aim: "keep" }, `Confirmed${who}`)
        : await takeBackFor(run, `Taken back${who}`);
    }
    if (run.clock.now() >= (record.confirmBy ?? 0)) {
      return await takeBackFor(run, "Nobody confirmed it in time");
    }
    const problem = run.hold
      ? run.clock.monotonic() - beatMs < BEAT_MS ? null : await beat(run, run.hold)
      : await keepGuard(run);
    if (run.hold && run.clock.monotonic() - beatMs >= BEAT_MS) beatMs = run.clock.monotonic();
    if (problem !== null) return await takeBackFor(run, problem);
    await run.sleep(LOOK_MS);
    await run.renew();
  }
}

const takeBackFor = (run: PushRun, reason: string) =>
  run.save({ state: "reverting", aim: "revert", reason }, reason);

/** Safe mode ends with its connection: it must not fall idle. */
async function beat(run: PushRun, hold: RouterConnection): Promise<string | null> {
  try {
    return await heldActions(run, hold) === undefined
      ? "Safe mode was ended by somebody else"
      : null;
  } catch (error) {
    if (!(error instanceof LinkFailed)) throw error;
    return "The connection that holds safe mode broke";
  }
}

/** Renews the router's timer in time, each time on a new connection: it is a proof as well. */
async function keepGuard(run: PushRun): Promise<string | null> {
  const { net } = run.plan;
  if (net === "safe_mode") return "The connection that held safe mode is gone";
  if (net === "none" || run.leaseLeftMs > RENEW_MS) return null;
  const end = await renewLease(run, WAIT_SECONDS, (connection) => spareForeign(run, connection));
  if (end === "renewed") return null;
  if (end === "fired") {
    return "The router took the change back by itself: it had restarted, or was not reached in time";
  }
  // The old timer still runs: until it ends it may be tried again.
  return run.leaseLeftMs > 2_000
    ? null
    : "The router could not be reached while it waited: it takes the change back by itself";
}

/** What others add while it waits must not go with the change. */
async function spareForeign(run: PushRun, connection: RouterConnection): Promise<void> {
  const { plan, evidence, record } = run;
  const own = new Set(evidence.added.map(({ menu, id }) => `${menu} ${id}`));
  const menus = new Map((await readMenus(run, connection)).map((one) => [one.menu, one.rows]));
  let isChanged = false;
  const inverse = plan.inverse.map((step) => {
    if (step.kind !== "prune") return step;
    const strange = menus.get(step.menu)!.map((row) => row[".id"]!)
      .filter((id) => !step.keep.includes(id) && !own.has(`${step.menu} ${id}`));
    if (strange.length > 0) isChanged = true;
    return strange.length > 0 ? { ...step, keep: [...step.keep, ...strange] } : step;
  });
  if (!isChanged) return;
  run.note("Somebody else added to what the change touches: it stays if the change is taken back");
  await run.save({ plan: { ...plan, inverse } });
  if (plan.net !== "script") return;
  await connection.run("/system/script/set", {
    attributes: {
      numbers: scriptName(record.token),
      source: printRevertScript({ token: record.token, steps: inverse, backup: null }),
    },
  });
}
