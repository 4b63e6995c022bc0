import type { Logger } from "./log.ts";
import type { Platform } from "./platform.ts";

/** A role runs until its signal aborts, finishes what is in flight, then resolves. */
export type Role = (platform: Platform, signal: AbortSignal) => Promise<void>;

/** Longest that one role's end holds up the next one's. */
const DRAIN_MS = 15_000;

/**
 * Runs every role until `stop` aborts, then ends them one after the other, last one first: each may
 * count on those before it in `roles` while it drains. The first that fails, or ends by itself, stops
 * the others; its error is rethrown once all have ended.
 */
export async function runRoles(
  roles: ReadonlyMap<string, Role>,
  platform: Platform,
  stop: AbortController,
): Promise<void> {
  const failures: unknown[] = [];
  const run = async (name: string, role: Role, signal: AbortSignal) => {
    try {
      await role(platform, signal);
      if (!signal.aborted) throw new Error(`The role ${name} ended by itself`);
    } catch (error) {
      platform.log.error("a role failed: stopping", { role: name, error });
      failures.push(error);
      stop.abort();
    }
  };
  const running = [...roles].map(([name, role]) => {
    const own = new AbortController();
    return { name, own, ended: run(name, role, own.signal) };
  });
  if (running.length > 0) await aborted(stop.signal);
  for (const { name, own, ended } of running.toReversed()) {
    own.abort();
    const patience = new AbortController();
    const isLate = platform.clock.sleep(DRAIN_MS, patience.signal).then(() => true);
    if (await Promise.race([ended.then(() => false), isLate])) {
      platform.log.warn("a role takes long to end: going on", { role: name });
    }
    patience.abort();
  }
  await Promise.all(running.map(({ ended }) => ended));
  if (failures.length > 0) throw failures[0];
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}

/**
 * Waits until every message of `bus` is answered, `maxMs` at most. For a bus that lives in this
 * process: what it holds ends with it.
 */
export async function drainBus(
  { bus, clock, log }: Pick<Platform, "bus" | "clock" | "log">,
  maxMs = 5_000,
): Promise<void> {
  const deadline = clock.monotonic() + maxMs;
  for (;;) {
    const { pending } = await bus.check();
    if (pending === 0) return;
    if (clock.monotonic() >= deadline) {
      log.warn("samples are lost: they could not be stored before the end", { pending });
      return;
    }
    await clock.sleep(20);
  }
}

export interface Signals extends Disposable {
  readonly stop: AbortController;
}

/**
 * The first SIGINT or SIGTERM asks for a graceful stop, the second ends the process at once; so does
 * a graceful stop that takes longer than `graceMs`.
 */
export function handleSignals(log: Logger, graceMs = 45_000): Signals {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onSignal = () => {
    if (stop.signal.aborted) {
      log.warn("second signal: ending at once");
      Deno.exit(130);
    }
    log.info("stopping: what is in flight ends first");
    stop.abort();
    timer = setTimeout(() => {
      log.error("the graceful stop took too long: ending at once", { graceMs });
      Deno.exit(1);
    }, graceMs);
    Deno.unrefTimer(Number(timer));
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, onSignal);
  return {
    stop,
    [Symbol.dispose]() {
      clearTimeout(timer);
      for (const name of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(name, onSignal);
    },
  };
}
