import { subjects } from "@/core/subjects.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { TenantId } from "@/core/scope.ts";

/** Tells the pollers of a region to read a device again. */
export interface DeviceChange {
  tenantId: TenantId;
  deviceId: string;
  change: "upsert" | "removed";
}

const encoder = new TextEncoder();

/** Call after the commit: a poller that reads before it would see the old row. */
export function announceChange(bus: Bus, region: string, change: DeviceChange): void {
  bus.broadcast(subjects.deviceChanged(region), encoder.encode(JSON.stringify(change)));
}
