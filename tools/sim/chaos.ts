import { applyFault } from "./console.ts";
import type { Fleet } from "./fleet.ts";
import type { RouterHost } from "./host.ts";
import { hash } from "./random.ts";

export interface ChaosRule {
  readonly what: string;
  readonly args: readonly string[];
  /** Share of the routers that have it at any time, in percent. */
  readonly percent: number;
}

/** What is tried when `--chaos` names nothing. */
const ALL = "slow=300:2,hang:1,reset:1,reboot:1,poweroff:1,wrong-password:1,flap:2";
const ROUND_MS = 15_000;

/**
 * Reads `slow=300:5,poweroff:1`: fault, argument, percent of the routers.
 *
 * @throws {RangeError} on an entry without a percentage between 0 and 100
 */
export function parseChaos(text: string): ChaosRule[] {
  return (text || ALL).split(",").map((entry) => {
    const match = /^([a-z-]+)(?:=([^:]*))?:(\d+(?:\.\d+)?)$/.exec(entry);
    const percent = Number(match?.[3]);
    if (!match || percent > 100) {
      throw new RangeError(
        `Cannot make chaos as an entry must look like slow=300:5: current value is ${entry}`,
      );
    }
    return { what: match[1]!, args: match[2] ? match[2].split("=") : [], percent };
  });
}

/** Every round other routers suffer: the same ones for the same seed. Ends with `signal`. */
export function startChaos(
  fleet: Fleet,
  rules: readonly ChaosRule[],
  { seed, signal, roundMs = ROUND_MS }: { seed: number; signal: AbortSignal; roundMs?: number },
): void {
  let round = 0;
  const suffer = async (router: RouterHost) => {
    await router.clear();
    await router.powerOn();
    const dice = hash(seed, round, router.index) % 10_000 / 100;
    let from = 0;
    for (const { what, args, percent } of rules) {
      if (dice >= from && dice < from + percent) await applyFault(router, what, args);
      from += percent;
    }
  };
  const turn = async () => {
    round++;
    // All at once: one that reboots for seconds must not hold up the round.
    await Promise.all(fleet.routers.map(suffer));
  };
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= turn()
      .catch((error) => console.error(`chaos: ${error.message}`))
      .finally(() => running = undefined);
  }, roundMs);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
