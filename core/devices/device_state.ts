import type { DeviceState, StateSection } from "@/core/contract/device.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { getDevice } from "./devices.ts";

/** Clients are not among them: there may be thousands, and they have a list of their own. */
export const STATE_SECTIONS: readonly StateSection[] = [
  "interfaces",
  "wireless",
  "neighbors",
  "sensors",
  "counts",
  "routes",
  "peers",
  "poe",
  "optics",
  "packages",
];

/** The last reading of every section; `null` where the router never gave one. */
export async function getDeviceState(scope: Scope, id: string): Promise<DeviceState> {
  demand(scope, "devices:read");
  await getDevice(scope, id); // a foreign id is not found, rather than empty
  const rows = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<{ section: StateSection; sampledAt: Date; data: unknown }[]>`
      select section, sampled_at as "sampledAt", data from device_state
      where device_id = ${id} and section = any(${STATE_SECTIONS as string[]}::text[])`,
  );
  const found = new Map(rows.map(({ section, sampledAt, data }) => [
    section,
    { sampledAt: sampledAt.toISOString(), data },
  ]));
  return Object.fromEntries(
    STATE_SECTIONS.map((section) => [section, found.get(section) ?? null]),
  ) as DeviceState;
}
