import type { DeviceDrift, DriftItem } from "@/core/contract/drift.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type BaselineRow, readBaselines, routersOf, toBaseline } from "./read_baselines.ts";

/** How a router differs from what it should hold. */
export async function deviceDrift(scope: Scope, deviceId: string): Promise<DeviceDrift> {
  demand(scope, "compliance:read");
  await demandDevice(scope, deviceId);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const baselines = await baselinesOf(sql, deviceId);
    const rows = await sql<(Omit<DriftItem, "since"> & { since: Date })[]>`
      select id, baseline_id as "baselineId", kind, menu, label, wanted, running, attributes, since,
        who
      from drift_items where device_id = ${deviceId}
      order by baseline_id, place, id`;
    const [check] = await sql<{ checkedAt: Date | null }[]>`
      select checked_at as "checkedAt" from config_checks where device_id = ${deviceId}`;
    return {
      baselines: baselines.map(toBaseline),
      items: rows.map((row) => ({ ...row, since: row.since.toISOString() })),
      checkedAt: check?.checkedAt?.toISOString() ?? null,
    };
  });
}

/** A router's own baseline first, then those of its groups. */
export async function baselinesOf(sql: Sql, deviceId: string): Promise<BaselineRow[]> {
  const own = await readBaselines(sql, { deviceIds: [deviceId] });
  const found = [...own];
  for (const row of await readBaselines(sql, { ofGroups: true })) {
    if ((await routersOf(sql, row)).includes(deviceId)) found.push(row);
  }
  return found;
}
