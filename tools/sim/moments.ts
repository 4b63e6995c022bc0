import type { Fault, Moment, OnceFault } from "./faults.ts";
import type { SimRouter } from "./router.ts";
import { Trap } from "./trap.ts";

/** The router went away while it carried a command out: there is no answer. */
export class PowerGone extends Error {}

const STRANGER = { user: { name: "admin" }, address: "192.0.2.9", via: "winbox" };
const seen = new WeakMap<Fault, number>();

/** Whether `command` is the one a fault waits for; counts those that are of its kind. */
function isDue(fault: Fault, { command: wanted, nth = 1 }: Omit<Moment, "when">, command: string) {
  if (wanted !== undefined && !command.startsWith(wanted)) return false;
  const count = (seen.get(fault) ?? 0) + 1;
  seen.set(fault, count);
  return count >= nth;
}

const momentOf = (fault: Fault): Moment | undefined => "at" in fault ? fault.at : undefined;

/** @throws {Trap | PowerGone} when a fault declines the command, or takes the router away */
export function before(router: SimRouter, command: string, isScript: boolean): void {
  for (const fault of [...router.faults]) {
    if (fault.kind === "refuse-command") refuse(router, fault, command);
    const moment = momentOf(fault);
    if (moment?.when === "before" && isDue(fault, moment, command)) {
      strike(router, fault as OnceFault, isScript);
    }
  }
}

/** @throws {PowerGone} when a fault takes the router away before it answers */
export function after(router: SimRouter, command: string): void {
  for (const fault of [...router.faults]) {
    const moment = momentOf(fault);
    if (moment?.when === "after" && isDue(fault, moment, command)) {
      strike(router, fault as OnceFault);
    }
  }
}

function refuse(
  router: SimRouter,
  fault: Extract<Fault, { kind: "refuse-command" }>,
  command: string,
): void {
  const { nth = 1, times = 1, message = "failure: could not do it now" } = fault;
  if (!isDue(fault, { command: fault.command, nth }, command)) return;
  if (seen.get(fault)! >= nth + times - 1) router.faults.delete(fault);
  throw new Trap(message, 4);
}

function strike(router: SimRouter, fault: OnceFault, isScript = false): void {
  router.faults.delete(fault);
  switch (fault.kind) {
    case "link-lost":
      router.loseLinks(fault.how);
      if (fault.forMs) router.closeWay(fault.forMs);
      // A script goes on without anybody; a command that did not get here does not begin.
      if (fault.at.when === "before" && !isScript) throw new PowerGone();
      return;
    case "reboots":
      router.reboot(fault.bootMs === undefined ? {} : { bootMs: fault.bootMs });
      throw new PowerGone();
    case "power-loss":
      router.powerLoss(fault.offMs === undefined ? {} : { offMs: fault.offMs });
      throw new PowerGone();
    case "clock-jump":
      return router.moveClock(fault.byMs);
    case "safe-mode-released":
      if (router.history.owner) router.history.release();
      return;
    case "safe-mode-taken":
      router.history.take(STRANGER, "release");
      router.time.setTimeout(() => {
        if (router.history.owner === STRANGER) router.history.release();
      }, fault.forMs ?? 300_000);
      return;
  }
}
