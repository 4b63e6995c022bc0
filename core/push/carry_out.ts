import { LinkFailed } from "@/core/router_link/link.ts";
import { applyAll, heldActions } from "./apply.ts";
import { GUARD_SECONDS, renewLease } from "./arm.ts";
import { prove } from "./prove.ts";
import type { PushRun } from "./push_run.ts";

/** The timer must have at least this left when the first command goes out. */
const FRESH_MS = 18_000;
/** Without a net on the router somebody must decide while safe mode is held. */
export const HELD_SECONDS = 120;

/** `armed`: makes the change and proves it. Ends as `applied` or `reverting`. */
export async function carryOut(run: PushRun): Promise<void> {
  const { net } = run.plan;
  if ((net === "script" || net === "backup") && run.leaseLeftMs < FRESH_MS) {
    const end = await renewLease(run, GUARD_SECONDS);
    if (end !== "renewed") {
      return await takeBackFor(
        run,
        end === "unreachable"
          ? "The router cannot be reached any more"
          : "What guards the router could not be renewed before the change",
      );
    }
  }
  const safeModeProblem = run.record.tier === "safe_mode" ? await takeSafeMode(run) : null;
  if (safeModeProblem !== null) {
    if (net === "safe_mode") return await takeBackFor(run, safeModeProblem);
    run.note(`${safeModeProblem}: without it, then`);
    await run.save({ tier: net === "backup" ? "backup" : "script" });
  }
  const startedMs = run.clock.monotonic();
  const end = await applyAll(run);
  if (end.kind !== "applied") {
    noteLockOut(run, end, startedMs);
    return await takeBackFor(run, end.reason);
  }
  const proof = await prove(run);
  if (proof.kind !== "proven") {
    noteLockOut(run, proof, startedMs);
    return await takeBackFor(run, proof.reason);
  }
  if (run.hold && net !== "safe_mode") {
    const problem = await releaseSafeMode(run);
    if (problem !== null) return await takeBackFor(run, problem);
  }
  const { request, evidence } = run.record;
  const seconds = net === "safe_mode"
    ? Math.min(request.windowSeconds, HELD_SECONDS)
    : request.windowSeconds;
  await run.save(
    {
      state: "applied",
      evidence: { ...evidence!, after: proof.after, added: run.added },
      confirmBy: request.confirm === "manual" ? run.clock.now() + seconds * 1_000 : null,
    },
    "Made, read back and proven on two new connections",
  );
}

function noteLockOut(run: PushRun, end: { kind: string }, startedMs: number): void {
  if (end.kind !== "locked_out") return;
  const seconds = (run.clock.monotonic() - startedMs) / 1_000;
  run.note(`Locked out: seen ${seconds.toFixed(1)} s after the change began`);
}

async function takeBackFor(run: PushRun, reason: string): Promise<void> {
  const evidence = { ...run.evidence, added: run.added };
  await run.save({ state: "reverting", aim: "revert", reason, evidence }, reason);
}

async function takeSafeMode(run: PushRun): Promise<string | null> {
  const hold = await run.reach();
  if (!hold) return "The router cannot be reached any more";
  try {
    await hold.run("/safe-mode/take");
    run.hold = hold;
    if (await heldActions(run, hold) !== undefined) return null;
  } catch (error) {
    if (!(error instanceof LinkFailed)) throw error;
  }
  run.hold = undefined;
  await hold.close();
  return "Safe mode cannot be had";
}

/** Keeps the change as far as safe mode is concerned. @returns what went wrong */
export async function releaseSafeMode(run: PushRun): Promise<string | null> {
  const hold = run.hold!;
  try {
    const held = await heldActions(run, hold);
    if (held === undefined) return "Safe mode was ended by somebody else";
    await hold.run("/safe-mode/release");
  } catch (error) {
    if (!(error instanceof LinkFailed)) throw error;
    return "The connection that held safe mode broke";
  } finally {
    run.hold = undefined;
    await hold.close();
  }
  return null;
}
