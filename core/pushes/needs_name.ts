import type { LockoutRisk, PushTier } from "@/core/contract/pushes.ts";

/** Whether somebody must type the router's name: nothing would bring it back, or it is likely lost. */
export function needsName({ tier, risks }: {
  tier: PushTier;
  risks: readonly LockoutRisk[];
}): boolean {
  return tier === "unprotected" || risks.some(({ severity }) => severity === "certain");
}
