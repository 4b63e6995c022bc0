import type { RadioReading, WirelessClient } from "@/core/contract/sample.ts";
import { PreparedCommand, type Row } from "@/core/wire/routeros/mod.ts";
import {
  type Collector,
  type DeviceFacts,
  MAX_ROWS,
  type Radio,
  type Reading,
} from "../collector.ts";
import {
  bitsPerSecond,
  count,
  dbm,
  isAtLeast,
  number,
  percent,
  text,
  wholeSeconds,
} from "../values.ts";

/** A wireless driver: where it lies in the menu tree and when a router can have it. */
interface Driver {
  /** As `WirelessReading.drivers` names it. */
  name: string;
  menu: string;
  appliesTo(version: string): boolean;
}

/** Old and new can be there at once (7.13 and later with both packages); CAPsMAN beside either. */
const DRIVERS: readonly Driver[] = [
  { name: "wireless", menu: "/interface/wireless", appliesTo: () => true },
  {
    name: "wifiwave2",
    menu: "/interface/wifiwave2",
    appliesTo: (version) => isAtLeast(version, 7, 0) && !isAtLeast(version, 7, 13),
  },
  { name: "wifi", menu: "/interface/wifi", appliesTo: (version) => isAtLeast(version, 7, 13) },
  { name: "caps-man", menu: "/caps-man", appliesTo: () => true },
];

/** One collector a driver: a missing menu is remembered by itself. The runner merges their readings. */
export const wireless: readonly Collector[] = DRIVERS.map((driver) => ({
  name: driver.name,
  pace: "poll",
  appliesTo: ({ version }) => driver.appliesTo(version),
  collect: collectorOf(driver),
}));

function collectorOf(driver: Driver): Collector["collect"] {
  // Never a proplist here: some builds drop whole rows when it names an absent field.
  const table = new PreparedCommand(`${driver.menu}/registration-table/print`, {
    flags: driver.name === "wireless" ? ["stats"] : [],
  });
  return async (ask, facts): Promise<Reading> => {
    const registered = await ask(table);
    const clients = parseClients(registered.rows);
    const radios = facts.radios.get(driver.name) ?? [];
    let monitored: Row[] = [];
    if (radios.length > 0 && driver.name !== "caps-man") {
      const numbers = radios.map(({ name }) => name).filter((name) => !name.includes(",")).join(
        ",",
      );
      const options = { attributes: { numbers }, flags: ["once"] };
      // Disabled radios make some builds decline the whole monitor; the clients stand without it.
      monitored = await ask(`${driver.menu}/monitor`, options).then(({ rows }) => rows, () => []);
    }
    if (clients.length === 0 && radios.length === 0) return {};
    return {
      sections: {
        wireless: {
          drivers: [driver.name],
          radios: parseRadios(radios, monitored, clients),
          clients,
        },
      },
    };
  };
}

/** The radios themselves change with the configuration only. */
export const radios: readonly Collector[] = DRIVERS.map(({ name, menu, appliesTo }) => ({
  name: `${name} radios`,
  pace: "slow",
  appliesTo: ({ version }) => appliesTo(version),
  async collect(ask, facts): Promise<Reading> {
    const { rows } = await ask(name === "caps-man" ? "/caps-man/interface/print" : `${menu}/print`);
    const found = new Map(facts.radios);
    found.set(name, parseRadioList(rows));
    return { facts: { radios: found } satisfies Partial<DeviceFacts> };
  },
}));

export function parseRadioList(rows: readonly Row[]): Radio[] {
  return rows.slice(0, 256).flatMap((row) => {
    const name = text(row["name"], 200);
    if (name === null || row["disabled"] === "true") return [];
    return [{
      name,
      ssid: text(row["ssid"] ?? row["configuration.ssid"]),
      band: text(row["band"] ?? row["channel.band"]),
      frequencyMhz: number(row["frequency"] ?? row["channel.frequency"]),
    }];
  });
}

export function parseRadios(
  list: readonly Radio[],
  monitored: readonly Row[],
  clients: readonly WirelessClient[],
): RadioReading[] {
  return list.map(({ name, ssid, band, frequencyMhz }, index) => {
    // Rows of a monitor carry the name on newer versions only; they come in the order asked.
    const row = monitored.find((row) => row["name"] === name) ?? monitored[index] ?? {};
    const own = clients.filter((client) => client.interface === name);
    const channel = text(row["channel"]);
    return {
      interface: name,
      ssid: ssid ?? own[0]?.ssid ?? null,
      band,
      channel,
      frequencyMhz: number(channel ?? undefined) ?? frequencyMhz,
      noiseDbm: dbm(row["noise-floor"]),
      ccqPercent: percent(number(row["overall-tx-ccq"])),
      clients: own.length || (count(row["registered-clients"] ?? row["registered-peers"]) ?? 0),
    };
  });
}

export function parseClients(rows: readonly Row[]): WirelessClient[] {
  return rows.slice(0, MAX_ROWS).flatMap((row) => {
    const macAddress = text(row["mac-address"], 17);
    if (macAddress === null) return [];
    return [{
      interface: text(row["interface"], 200) ?? "",
      macAddress,
      ssid: text(row["ssid"]),
      // Three spellings of one thing: wireless, wifi, caps-man.
      signalDbm: dbm(row["signal-strength"] ?? row["signal"] ?? row["rx-signal"]),
      snrDb: number(row["signal-to-noise"]),
      ccqPercent: percent(number(row["tx-ccq"])),
      txRateBps: bitsPerSecond(row["tx-rate"]),
      rxRateBps: bitsPerSecond(row["rx-rate"]),
      uptimeSeconds: wholeSeconds(row["uptime"]),
      lastIp: text(row["last-ip"], 45),
    }];
  });
}
