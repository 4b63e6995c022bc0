import type { Observation, Sighting } from "./sightings.ts";

/** What did not change is written again after this, so that "last seen" stays honest. */
export const CONFIRM_AFTER_MS = 15 * 60_000;
/** Who is missing for less has not left: a telephone sleeps, a table is read between two packets. */
export const GONE_AFTER_MS = 10 * 60_000;
const OWN_AFTER_MS = 12 * 3_600_000;
/** About 60 MB. */
const CAPACITY = 300_000;

/** An open stay as this process knows it. */
export interface Stay {
  name: string | null;
  /** `undefined`: read from the database, which keeps it as words only. */
  text: string | undefined;
  kind: string;
  ip: string | null;
  ip6: string | null;
  interface: string | null;
  ssid: string | null;
  vlan: number | null;
  lastSeenMs: number;
  writtenMs: number;
}

export interface StoredStay extends Stay {
  deviceId: string;
  mac: string;
}

/** What an observation changes in the database. */
export interface Changes {
  deviceId: string;
  atMs: number;
  /** `leftAtMs`: when it was last seen at the place it had before, if it had one. */
  seen: (Sighting & { leftAtMs: number | null; hasNewText: boolean })[];
  gone: { mac: string; leftAtMs: number }[];
  own: Sighting[];
}

interface Known {
  stays: Map<string, Stay>;
  own: string;
  ownWrittenMs: number;
}

/**
 * Who is where, as far as this process has written it: most readings repeat what is known, and cost the
 * database nothing. Bounded; what was forgotten is read again.
 */
export class ClientMemory {
  #devices = new Map<string, Known>();
  #size = 0;

  constructor(readonly capacity = CAPACITY) {}

  /** Those of `deviceIds` whose stays must be read first. */
  unknown(deviceIds: Iterable<string>): string[] {
    return [...new Set(deviceIds)].filter((id) => !this.#devices.has(id));
  }

  /** Takes what the database has of devices that were unknown. */
  learn(deviceIds: readonly string[], stays: readonly StoredStay[]): void {
    for (const id of deviceIds) {
      this.#devices.set(id, { stays: new Map(), own: "", ownWrittenMs: 0 });
    }
    for (const { deviceId, mac, ...stay } of stays) {
      this.#devices.get(deviceId)?.stays.set(mac, stay);
    }
    this.#size += stays.length;
  }

  /** After a failed write: the database is asked anew. */
  forget(deviceIds: Iterable<string>): void {
    for (const id of deviceIds) {
      this.#size -= this.#devices.get(id)?.stays.size ?? 0;
      this.#devices.delete(id);
    }
  }

  /** What is to be written of an observation, remembered as written. The device is known. */
  apply({ deviceId, atMs, isWhole, sightings, own }: Observation): Changes {
    const known = this.#devices.get(deviceId)!;
    // To the young end.
    this.#devices.delete(deviceId);
    this.#devices.set(deviceId, known);
    const before = known.stays.size;
    const changes: Changes = { deviceId, atMs, seen: [], gone: [], own: [] };
    for (const sighting of sightings) {
      const change = note(known.stays, sighting, atMs, isWhole);
      if (change) changes.seen.push(change);
    }
    if (isWhole) {
      for (const [mac, { lastSeenMs }] of known.stays) {
        if (atMs - lastSeenMs < GONE_AFTER_MS) continue;
        known.stays.delete(mac);
        changes.gone.push({ mac, leftAtMs: lastSeenMs });
      }
      const key = own.map(({ mac, name, interface: port }) => `${mac} ${port} ${name}`).join("\n");
      if (key !== known.own || atMs - known.ownWrittenMs >= OWN_AFTER_MS) {
        Object.assign(known, { own: key, ownWrittenMs: atMs });
        changes.own = own;
      }
    }
    this.#size += known.stays.size - before;
    for (const id of this.#devices.keys()) {
      if (this.#size <= this.capacity || id === deviceId) break;
      this.forget([id]);
    }
    return changes;
  }
}

function note(
  stays: Map<string, Stay>,
  sighting: Sighting,
  atMs: number,
  isWhole: boolean,
): Changes["seen"][number] | undefined {
  const stay = stays.get(sighting.mac);
  // A radio alone tells neither address nor VLAN nor name: what the tables said last still holds.
  const now = isWhole || !stay ? sighting : {
    ...sighting,
    ip: sighting.ip ?? stay.ip,
    ip6: sighting.ip6 ?? stay.ip6,
    vlan: sighting.vlan ?? stay.vlan,
    name: sighting.name ?? stay.name,
    text: stay.text ?? "",
    kind: stay.kind === "neighbour" ? "neighbour" as const : sighting.kind,
  };
  const { interface: port, ssid, vlan, name, text, kind } = now;
  // Of several addresses the one that stands already stays.
  const ip = stay?.ip && sighting.ips.includes(stay.ip) ? stay.ip : now.ip;
  const ip6 = stay?.ip6 && sighting.ips.includes(stay.ip6) ? stay.ip6 : now.ip6;
  const hasMoved = stay !== undefined && (
    stay.interface !== port || stay.ssid !== ssid ||
    (stay.ip !== null && ip !== null && stay.ip !== ip) ||
    (stay.vlan !== null && vlan !== null && stay.vlan !== vlan)
  );
  const hasNewText = !stay ||
    (isWhole && (stay.text === undefined ? stay.name !== name : stay.text !== text));
  const isNews = !stay || hasMoved || hasNewText || stay.kind !== kind ||
    (stay.ip === null && ip !== null) || (stay.vlan === null && vlan !== null) ||
    (ip6 !== null && stay.ip6 !== ip6) || atMs - stay.writtenMs >= CONFIRM_AFTER_MS;
  stays.set(sighting.mac, {
    ...{ name, kind, interface: port, ssid },
    // Until the tables tell it again, what the database has stands for it.
    text: isWhole || !stay ? text : stay.text,
    ip: ip ?? stay?.ip ?? null,
    ip6: ip6 ?? stay?.ip6 ?? null,
    vlan: vlan ?? stay?.vlan ?? null,
    lastSeenMs: atMs,
    writtenMs: isNews ? atMs : stay.writtenMs,
  });
  if (!isNews) return undefined;
  return { ...now, ip, ip6, leftAtMs: hasMoved ? stay.lastSeenMs : null, hasNewText };
}
