import type { InterfaceReading, PeerReading, SensorReading } from "@/core/contract/sample.ts";
import type { Sql } from "@/core/ports/db.ts";

/** What the next sample of a device is compared with. */
export interface Previous {
  /** When `interfaces` were read, ms since the epoch; 0: never. */
  interfacesAtMs: number;
  interfaces: ReadonlyMap<string, InterfaceReading>;
  sensors: readonly SensorReading[];
  peersDown: number;
}

export const NOTHING: Previous = {
  interfacesAtMs: 0,
  interfaces: new Map(),
  sensors: [],
  peersDown: 0,
};

/**
 * Last readings of the devices this process ingests, bounded; what it lacks, or what another process
 * has replaced meanwhile, it reads from `device_state`.
 */
export class PreviousReadings {
  #byDevice = new Map<string, Previous>();

  constructor(readonly capacity = 5_000) {}

  async read(sql: Sql, deviceIds: readonly string[]): Promise<Map<string, Previous>> {
    const known = deviceIds.filter((id) => this.#byDevice.has(id));
    const stale = new Set(deviceIds);
    if (known.length > 0) {
      const rows = await sql<{ deviceId: string; sampledAt: Date }[]>`
        select device_id as "deviceId", sampled_at as "sampledAt" from device_state
        where device_id = any(${known}::uuid[]) and section = 'interfaces'`;
      for (const { deviceId, sampledAt } of rows) {
        // States are not written at every sample, so the row may be older than what is known here.
        if (sampledAt.getTime() <= this.#byDevice.get(deviceId)!.interfacesAtMs) {
          stale.delete(deviceId);
        }
      }
    }
    const found = stale.size > 0 ? await readStored(sql, [...stale]) : new Map<string, Previous>();
    return new Map(deviceIds.map((id) => [
      id,
      stale.has(id) ? found.get(id) ?? NOTHING : this.#byDevice.get(id)!,
    ]));
  }

  /** Call after the commit: a transaction that failed must leave no trace here. */
  keep(readings: ReadonlyMap<string, Previous>): void {
    for (const [deviceId, previous] of readings) {
      this.#byDevice.delete(deviceId); // to the young end
      this.#byDevice.set(deviceId, previous);
    }
    for (const deviceId of this.#byDevice.keys()) {
      if (this.#byDevice.size <= this.capacity) break;
      this.#byDevice.delete(deviceId);
    }
  }
}

async function readStored(sql: Sql, deviceIds: string[]): Promise<Map<string, Previous>> {
  type Section =
    & { deviceId: string; sampledAt: Date }
    & (
      | { section: "interfaces"; data: InterfaceReading[] }
      | { section: "sensors"; data: SensorReading[] }
      | { section: "peers"; data: PeerReading[] }
    );
  const rows = await sql<Section[]>`
    select device_id as "deviceId", section, sampled_at as "sampledAt", data from device_state
    where device_id = any(${deviceIds}::uuid[]) and section in ('interfaces', 'sensors', 'peers')`;
  const found = new Map<string, Previous>();
  for (const row of rows) {
    const previous = found.get(row.deviceId) ?? NOTHING;
    found.set(row.deviceId, {
      ...previous,
      ...(row.section === "interfaces" && {
        interfacesAtMs: row.sampledAt.getTime(),
        interfaces: byName(row.data),
      }),
      ...(row.section === "sensors" && { sensors: row.data }),
      ...(row.section === "peers" && { peersDown: countDown(row.data) }),
    });
  }
  return found;
}

export function byName<Each extends { name: string }>(
  readings: readonly Each[],
): Map<string, Each> {
  return new Map(readings.map((reading) => [reading.name, reading]));
}

export function countDown(peers: readonly PeerReading[]): number {
  return peers.filter(({ isUp }) => !isUp).length;
}
