import type { PushTier } from "@/core/contract/pushes.ts";
import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import { isAtLeast, isTrue } from "./device_values.ts";
import type { Inverse } from "./inverse.ts";
import type { PushNet } from "./record.ts";
import { MAX_SCRIPT, printRevertScript } from "./revert_script.ts";

/** Safe mode keeps 100 actions and forgets itself at one more; a command may be more than one. */
export const MAX_IN_SAFE_MODE = 60;

export interface Choice {
  readonly tier: PushTier;
  readonly net: PushNet;
  /** For people, a sentence. */
  readonly reason: string;
}

export interface Circumstances {
  readonly version: string;
  readonly commandCount: number;
  readonly inverse: Inverse;
  /** Why jobs cannot run; `null`: nothing speaks against it. */
  readonly noJobs: string | null;
  /** Whether the router has safe mode on its API, and nobody holds it. */
  readonly hasSafeMode: boolean;
  readonly tiers: readonly PushTier[] | undefined;
}

/**
 * The ways in which this push may be made, best first. Each is tried until one can be armed: what a router
 * says it can do and what it does are two things.
 */
export function choices(of: Circumstances): Choice[] {
  const { version, commandCount, inverse, noJobs, hasSafeMode, tiers } = of;
  const may = (tier: PushTier) => tiers?.includes(tier) ?? true;
  const isWide = hasSafeMode && isAtLeast(version, 7, 18) && commandCount <= MAX_IN_SAFE_MODE &&
    may("safe_mode");
  const nets: Choice[] = [];
  if (noJobs === null) {
    const problem = scriptProblem(inverse);
    if (problem === null && (may("script") || isWide)) {
      nets.push({
        tier: "script",
        net: "script",
        reason: "A job on the router takes the change back by itself, without a reboot.",
      });
    }
    if (may("backup") || (isWide && problem !== null)) {
      nets.push({
        tier: "backup",
        net: "backup",
        reason: "A job on the router loads a backup by itself, and reboots the router for it" +
          (problem === null ? "." : ` (${problem}).`),
      });
    }
  }
  const held = nets.map(({ net, reason }): Choice => ({
    tier: "safe_mode",
    net,
    reason: `Made in safe mode. ${reason}`,
  }));
  const alone: Choice = {
    tier: "safe_mode",
    net: "safe_mode",
    reason: `Safe mode alone: a lock-out may last nine minutes (${noJobs ?? "jobs do not run"}).`,
  };
  const none: Choice = {
    tier: "unprotected",
    net: "none",
    reason: `Nothing on this router takes the change back by itself (${
      noJobs ?? "jobs do not run"
    }).`,
  };
  return [
    ...(isWide ? held.slice(0, 1) : []),
    ...nets.filter(({ tier }) => may(tier)),
    ...(isWide ? [alone] : []),
    ...(may("unprotected") ? [none] : []),
  ];
}

function scriptProblem({ steps, doubts }: Inverse): string | null {
  if (doubts.length > 0) return doubts[0]!;
  const text = printRevertScript({ token: "0".repeat(10), steps, backup: null });
  return text.length > MAX_SCRIPT ? "the way back is too long for a script" : null;
}

/** Why jobs cannot run here, as far as the router says so. */
export async function jobsForbidden(connection: RouterConnection): Promise<string | null> {
  try {
    const [mode] = (await connection.run("/system/device-mode/print")).rows;
    if (!mode) return null;
    if (mode["scheduler"] !== undefined && !isTrue(mode["scheduler"])) {
      return "its device-mode forbids the scheduler";
    }
    return isTrue(mode["flagged"]) ? "it is flagged, which forbids new jobs" : null;
  } catch (error) {
    // Versions before device-mode allow all.
    if (error instanceof LinkFailed && error.reason === "trap") return null;
    throw error;
  }
}
