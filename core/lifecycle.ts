import type { Logger } from "./log.ts";
import type { Platform } from "./platform.ts";

/** A role runs until its signal aborts, finishes what is in flight, then resolves. */
export type Role = (platform: Platform, signal: AbortSignal) => Promise<void>;

/**
 * Runs every role until `stop` aborts. The first that fails, or ends by itself, stops the others; its
 * error is rethrown once all have ended.
 */
export async function runRoles(
  roles: ReadonlyMap<string, Role>,
  platform: Platform,
  stop: AbortController,
): Promise<void> {
  const { signal } = stop;
  const failures: unknown[] = [];
  const run = async (name: string, role: Role) => {
    try {
      await role(platform, signal);
      if (!signal.aborted) throw new Error(`The role ${name} ended by itself`);
    } catch (error) {
      platform.log.error("a role failed: stopping", { role: name, error });
      failures.push(error);
      stop.abort();
    }
  };
  await Promise.all([...roles].map(([name, role]) => run(name, role)));
  if (failures.length > 0) throw failures[0];
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
