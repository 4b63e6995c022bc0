import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import { GUARD_SECONDS, renewLease } from "./arm.ts";
import { addedSince, idsOf, missing, rowBefore, send } from "./effects.ts";
import type { PushRun } from "./push_run.ts";
import type { ResolvedCommand } from "./record.ts";
import { readSafeMode } from "./router_facts.ts";

export type ApplyEnd =
  | { readonly kind: "applied" }
  /** The router is as far as it went; `reason` says why it went no further. */
  | { readonly kind: "stopped"; readonly reason: string }
  /** The connection is gone, and no new one comes about. */
  | { readonly kind: "locked_out"; readonly reason: string };

/** Between two looks at what safe mode holds, and at the time that is left. */
const BATCH = 10;
/** Less time than this, and the timer is renewed before the next batch. */
const MARGIN_MS = 9_000;
/** A command on a connection that broke may arrive a moment later. */
const SETTLE_MS = 1_000;

/** Carries the commands out, one by one, and looks at the effect of each. */
export async function applyAll(run: PushRun): Promise<ApplyEnd> {
  let connection = run.hold ?? await run.reach();
  if (!connection) return { kind: "locked_out", reason: "The router cannot be reached any more" };
  const ids = new Map<string, string>();
  /** By menu, what was there before the next item is added: tells one that came without an answer. */
  const knownIds = new Map<string, Set<string>>();
  /** What safe mode must hold by now at the least: each item that came or went is an action. */
  let due = 0;
  try {
    for (const [at, command] of run.plan.commands.entries()) {
      if (at > 0 && at % BATCH === 0) {
        const end = await betweenBatches(run);
        if (end) return end;
        if (await isHoldLost(run, due)) return stopped(HOLD_LOST);
      }
      if (command.action === "add" || command.action === "remove") due += 1;
      const label = `Command ${at + 1} (${command.action} in ${command.menu})`;
      const resolved = withIds(command, ids);
      const before = await rowBefore(connection, resolved);
      if (command.action === "add" && !knownIds.has(command.menu)) {
        knownIds.set(command.menu, await idsOf(connection, command.menu));
      }
      let added: string | undefined;
      try {
        added = await send(connection, resolved);
        if (added !== undefined) noteAdded(run, ids, at, command.menu, added, knownIds);
        const wrong = await missing(connection, resolved, before, added);
        if (wrong !== null) return stopped(`${label}: ${wrong}`);
      } catch (error) {
        if (!(error instanceof LinkFailed)) throw error;
        if (error.reason === "trap") return stopped(`${label} was declined: ${error.message}`);
        // What it broke off says nothing: whether we still reach the router does.
        if (run.hold) return await afterLostHold(run, label);
        await connection.close();
        connection = await run.reach();
        if (!connection) {
          return {
            kind: "locked_out",
            reason: `After ${label.toLowerCase()} the router is silent`,
          };
        }
        await run.sleep(SETTLE_MS);
        if (command.action === "add" && added === undefined) {
          added = await addedSince(connection, command, knownIds.get(command.menu)!);
          if (added !== undefined) noteAdded(run, ids, at, command.menu, added, knownIds);
        }
        const wrong = command.action === "add" && added === undefined
          ? "the connection broke before it was carried out"
          : await missing(connection, resolved, before, added);
        if (wrong !== null) return stopped(`${label}: ${wrong}`);
      }
    }
    return await isHoldLost(run, due) ? stopped(HOLD_LOST) : { kind: "applied" };
  } catch (error) {
    if (!(error instanceof LinkFailed)) throw error;
    if (error.reason === "trap") return stopped(`The router cannot be read: ${error.message}`);
    if (run.hold) return await afterLostHold(run, "a command");
    const again = await run.reach();
    await again?.close();
    return again
      ? stopped("The connection broke while the change was made")
      : { kind: "locked_out", reason: "The router fell silent while the change was made" };
  } finally {
    if (connection !== run.hold) await connection?.close();
  }
}

const HOLD_LOST = "Safe mode was ended by somebody else, or could not hold all of the change";

async function isHoldLost(run: PushRun, due: number): Promise<boolean> {
  if (!run.hold) return false;
  const held = await heldActions(run, run.hold);
  return held === undefined || held < due;
}

const stopped = (reason: string): ApplyEnd => ({ kind: "stopped", reason });

/** Safe mode goes with the connection that holds it: what was made in it is not kept. */
async function afterLostHold(run: PushRun, label: string): Promise<ApplyEnd> {
  const again = await run.reach();
  await again?.close();
  return again
    ? stopped(`The connection that holds safe mode broke at ${label.toLowerCase()}`)
    : { kind: "locked_out", reason: `After ${label.toLowerCase()} the router is silent` };
}

async function betweenBatches(run: PushRun): Promise<ApplyEnd | undefined> {
  const { net } = run.plan;
  if ((net !== "script" && net !== "backup") || run.leaseLeftMs > MARGIN_MS) return undefined;
  const end = await renewLease(run, GUARD_SECONDS);
  if (end === "renewed") return undefined;
  if (end === "fired") return stopped("The router took the change back before it was complete");
  return end === "refused"
    ? stopped("What guards the router could not be renewed")
    : { kind: "locked_out", reason: "The router fell silent while the change was made" };
}

/** How many actions safe mode would take back; `undefined`: it is not ours any more. */
export async function heldActions(
  run: PushRun,
  hold: RouterConnection,
): Promise<number | undefined> {
  const safeMode = await readSafeMode(hold, run.evidence.version);
  if (!safeMode?.isHeld || !safeMode.isOurs) return undefined;
  const { ret } = await hold.run("/system/history/print", {
    flags: ["count-only"],
    queries: ["floating-undo=true"],
  });
  return Number(ret ?? 0);
}

function noteAdded(
  run: PushRun,
  ids: Map<string, string>,
  at: number,
  menu: string,
  id: string,
  knownIds: ReadonlyMap<string, Set<string>>,
): void {
  knownIds.get(menu)?.add(id);
  ids.set(`+${at}`, id);
  run.added.push({ menu, id });
}

function withIds(command: ResolvedCommand, ids: ReadonlyMap<string, string>): ResolvedCommand {
  const real = <T extends string | null>(id: T) => (id === null ? id : ids.get(id) ?? id) as T;
  switch (command.action) {
    case "add":
      return { ...command, before: real(command.before) };
    case "move":
      return { ...command, id: real(command.id), before: real(command.before) };
    case "set":
      return { ...command, id: real(command.id) };
    case "remove":
      return { ...command, id: real(command.id) };
  }
}
