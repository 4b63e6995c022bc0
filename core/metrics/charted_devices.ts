import type { InterfaceState } from "@/core/contract/device.ts";
import { NotFound } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import { physicalInterfaces } from "./sample_figures.ts";
import { UUID } from "./time_span.ts";

export interface ChartedDevice {
  id: string;
  /** Given name, else the router's identity, else its address. */
  name: string;
  intervalSeconds: number;
  interfaces: readonly Pick<InterfaceState, "name" | "type" | "speedBps">[];
}

/**
 * The devices of a chart, in the order asked, with the interfaces as last seen where these are wanted.
 *
 * @throws {NotFound} if one is not the tenant's
 */
export async function readChartedDevices(
  sql: Sql,
  ids: readonly string[],
  { intervalSeconds, needsInterfaces }: { intervalSeconds: number; needsInterfaces: boolean },
): Promise<ChartedDevice[]> {
  const wanted = ids.filter((id) => UUID.test(id));
  type Row = { id: string; name: string; seconds: number | null; data: InterfaceState[] | null };
  const rows = await sql<Row[]>`
    select d.id, coalesce(d.name, nullif(l.identity, ''), d.address) as name,
      d.poll_interval_seconds as seconds, s.data
    from devices d
    left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
    left join device_state s on s.tenant_id = d.tenant_id and s.device_id = d.id
      and s.section = ${needsInterfaces ? "interfaces" : ""}
    where d.id = any(${wanted}::uuid[])`;
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = found.get(id);
    if (!row) throw new NotFound("Cannot find this device");
    const { name, seconds, data } = row;
    return { id, name, intervalSeconds: seconds ?? intervalSeconds, interfaces: data ?? [] };
  });
}

export function physicalNames({ interfaces }: ChartedDevice): string[] {
  return physicalInterfaces(interfaces).map(({ name }) => name);
}

/** Speeds as negotiated now; what a link was capable of earlier is not kept. */
export function speedsOf({ interfaces }: ChartedDevice): Map<string, number> {
  return new Map(
    interfaces.flatMap(({ name, speedBps }) => speedBps ? [[name, speedBps] as const] : []),
  );
}
