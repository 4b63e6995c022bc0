import type { InterfaceState } from "@/core/contract/device.ts";
import type {
  OpticReading,
  PoeReading,
  SensorReading,
  WirelessReading,
} from "@/core/contract/sample.ts";
import { deviceSources } from "@/core/devices/device_row.ts";
import { InvalidInput } from "@/core/errors.ts";
import { compileQuery } from "@/core/fleet_query/compile_query.ts";
import type { Scope } from "@/core/scope.ts";
import type { Collection, ExposedDevice } from "./families.ts";

/** The sections of state that a collection is made of. */
const SECTIONS: Record<Collection, readonly string[]> = {
  devices: ["counts"],
  interfaces: ["interfaces"],
  wireless: ["wireless"],
  sensors: ["sensors", "poe", "optics"],
};

export interface ExposedState {
  counts?: ExposedDevice["counts"];
  interfaces?: InterfaceState[];
  wireless?: WirelessReading;
  sensors?: SensorReading[];
  poe?: PoeReading[];
  optics?: OpticReading[];
}

export interface ExposedPage {
  devices: { device: ExposedDevice; state: ExposedState }[];
  /** Where the next page begins; absent: that was all. */
  after: string | undefined;
}

type Row = Omit<ExposedDevice, "counts" | "ageSeconds"> & { sampledAt: Date | null };

/**
 * Routers that fit the query and are polled, in the order of their ids, with their state while they are
 * online. One short transaction a page.
 *
 * @throws {InvalidInput} if something of the query is not understood: a scrape of everything instead
 * would be a surprise
 */
export async function readExposed(
  scope: Scope,
  { query, collections, after, limit, nowMs }: {
    query: string;
    collections: readonly Collection[];
    after: string | undefined;
    limit: number;
    nowMs: number;
  },
): Promise<ExposedPage> {
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const { condition, problems } = await compileQuery(sql, query);
    if (problems.length > 0) {
      throw new InvalidInput(
        "Cannot understand this query",
        problems.map((message) => ({ path: "query", message })),
      );
    }
    const live = (column: string) =>
      sql`case when l.status = 'online' then ${sql.unsafe(`l.${column}`)} end`;
    const rows = await sql<Row[]>`
      select d.id, coalesce(d.name, nullif(l.identity, ''), d.address) as name, d.address,
        s.path as site, d.region, l.identity, l.model, l.board_name as "boardName", l.version,
        l.serial_number as "serialNumber", l.firmware_current as firmware,
        coalesce(l.status, 'pending') as status, coalesce(l.reason, 'never_polled') as reason,
        l.sampled_at as "sampledAt", l.health_score as "healthScore",
        ${live("cpu_percent")} as "cpuPercent", ${live("memory_percent")} as "memoryPercent",
        ${live("disk_percent")} as "diskPercent", ${live("temperature_c")} as "temperatureC",
        ${live("voltage_v")} as "voltageV", ${live("rx_bps")}::float8 as "rxBps",
        ${live("tx_bps")}::float8 as "txBps", ${live("wireless_clients")} as "wirelessClients",
        ${live("uptime_seconds")}::float8 as "uptimeSeconds"
      from ${deviceSources(sql)}
      where d.tenant_id = ${scope.tenantId} and d.is_enabled and ${condition}
        ${after === undefined ? sql`` : sql`and d.id > ${after}::uuid`}
      order by d.id limit ${limit}`;
    const online = rows.filter(({ status }) => status === "online").map(({ id }) => id);
    const sections = collections.flatMap((collection) => SECTIONS[collection]);
    const found = await sql<{ id: string; section: string; data: unknown }[]>`
      select device_id as id, section, data from device_state
      where tenant_id = ${scope.tenantId} and device_id = any(${online}::uuid[])
        and section = any(${sections}::text[])`;
    const states = new Map(online.map((id) => [id, {} as Record<string, unknown>]));
    for (const { id, section, data } of found) states.get(id)![section] = data;
    return {
      devices: rows.map(({ sampledAt, ...row }) => {
        const state = (states.get(row.id) ?? {}) as ExposedState;
        const ageSeconds = sampledAt === null
          ? null
          : Math.max((nowMs - sampledAt.getTime()) / 1_000, 0);
        return { device: { ...row, ageSeconds, counts: state.counts ?? {} }, state };
      }),
      after: rows.length < limit ? undefined : rows.at(-1)!.id,
    };
  });
}
