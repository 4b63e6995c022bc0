import type { Bus } from "@/core/ports/bus.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";

/** Tells the pollers of a region that the routers of a profile have another login now. */
export interface ProfileChange {
  tenantId: TenantId;
  profileId: string;
}

const encoder = new TextEncoder();

/** One message a region, however many routers it concerns. Call after the commit. */
export function announceProfileChange(
  bus: Bus,
  regions: readonly string[],
  change: ProfileChange,
): void {
  const data = encoder.encode(JSON.stringify(change));
  for (const region of regions) bus.broadcast(subjects.profileChanged(region), data);
}
