import type { Fault } from "./faults.ts";
import type { Fleet } from "./fleet.ts";
import type { RouterHost } from "./host.ts";

/**
 * One line of the simulator's console, for whoever drives it as a program:
 * `fault <router> <what> [arguments]`, `counts <router>`, `stop`.
 *
 * @returns the answer as one JSON object
 * @throws {RangeError} on a line it does not understand
 */
export async function runLine(fleet: Fleet, line: string): Promise<Record<string, unknown>> {
  const [verb, number, what, ...rest] = line.trim().split(/\s+/);
  const router = fleet.routers[Number(number)];
  if (!router) throw new RangeError(`Cannot run "${line}": there is no router ${number}`);
  if (verb === "counts") {
    return { router: router.index, ...router.counts, open: router.openConnections };
  }
  if (verb !== "fault" || !what) throw new RangeError(`Cannot run "${line}": unknown command`);
  await applyFault(router, what, rest);
  return { router: router.index, fault: what };
}

/** Does to a router what a line or `--chaos` names, for example `slow 300` or `poweroff`. */
export async function applyFault(
  router: RouterHost,
  what: string,
  args: readonly string[],
): Promise<void> {
  const number = (fallback: number) => args[0] === undefined ? fallback : Number(args[0]);
  switch (what) {
    case "poweroff":
      return await router.powerOff();
    case "poweron":
      return await router.powerOn();
    case "reboot":
      return await router.reboot({ bootMs: number(2_000) });
    case "powerloss":
      return router.router.powerLoss({ offMs: number(5_000) });
    case "clock":
      return router.router.moveClock(number(1) * 3_600_000);
    case "drop":
      return router.dropConnections();
    case "identity":
      return router.setIdentity(args.join(" "));
    case "certificate":
      return await router.changeCertificate();
    case "linkdown":
    case "linkup":
      return router.setLink(args[0] ?? "ether1", what === "linkup");
    case "flap":
      return router.flapLink(args[0] ?? "ether1", Number(args[1] ?? 1_000));
    case "clear":
      return await router.clear();
  }
  await router.inject(lastingFault(what, args));
}

function lastingFault(what: string, args: readonly string[]): Fault {
  const [first] = args;
  switch (what) {
    case "refuse":
    case "silent":
    case "wrong-password":
    case "flash-full":
    case "backup-empty":
    case "sftp-refused":
    case "scheduler-inactivated":
      return { kind: what };
    case "hang":
    case "reset":
      return first ? { kind: what, command: first } : { kind: what };
    case "refuse-command":
    case "hang-command":
      if (first) return { kind: what, command: first };
      break;
    case "slow":
      return { kind: what, delayMs: Number(first ?? 500) };
    case "fatal":
      return { kind: what, nth: Number(first ?? 1) };
    case "max-sessions":
      return { kind: what, limit: Number(first ?? 1) };
  }
  throw new RangeError(`Cannot inject ${[what, ...args].join(" ")}: unknown fault`);
}
