import type { DeviceSample } from "@/core/contract/sample.ts";
import type {
  CommandResult,
  CommandWords,
  PreparedCommand,
  Row,
} from "@/core/wire/routeros/mod.ts";

/** What collectors know of the device, kept from poll to poll. */
export interface DeviceFacts {
  version: string;
  boardName: string | null;
  /** Installed packages, once the slow path has read them. */
  packages: ReadonlySet<string>;
  /** Ethernet ports by name, as the interface reading last saw them. */
  ethernetPorts: readonly string[];
  /** Negotiated speed by port name. */
  speeds: ReadonlyMap<string, number>;
  /** Radios by driver menu. */
  radios: ReadonlyMap<string, readonly Radio[]>;
}

export interface Radio {
  name: string;
  ssid: string | null;
  band: string | null;
  frequencyMhz: number | null;
}

/** Runs a command on the device. What every poll asks is prepared once. */
export interface Run {
  (command: PreparedCommand): Promise<CommandResult>;
  (command: string, words?: CommandWords): Promise<CommandResult>;
}

export interface Ask extends Run {
  /** The first rows of a table that may be longer than anyone wants; the router is told to stop. */
  table(command: string, words: CommandWords, maxRows: number): Promise<Table>;
}

export interface Table {
  rows: Row[];
  /** There were more. */
  isCut: boolean;
}

/** Sections a collector may fill. */
export type Sections = Partial<
  Pick<
    DeviceSample,
    | "sensors"
    | "interfaces"
    | "wireless"
    | "neighbors"
    | "clients"
    | "counts"
    | "routes"
    | "peers"
    | "poe"
    | "optics"
    | "packages"
  >
>;

export interface Reading {
  sections?: Sections;
  /** What later polls and other collectors need. */
  facts?: Partial<DeviceFacts>;
}

/**
 * How often a reading is due: at every poll; at most once a minute, however often the device is
 * polled; or once in `slowIntervalSeconds`.
 */
export type Pace = "poll" | "minute" | "slow";

/** One reading. `absent` menus are remembered by the runner, not by the collector. */
export interface Collector {
  readonly name: string;
  readonly pace: Pace;
  /** Can this device have it at all? */
  appliesTo?(facts: DeviceFacts): boolean;
  collect(ask: Ask, facts: DeviceFacts): Promise<Reading>;
}

export const NO_FACTS: DeviceFacts = {
  version: "",
  boardName: null,
  packages: new Set(),
  ethernetPorts: [],
  speeds: new Map(),
  radios: new Map(),
};

/** A router may have more rows than anyone wants to see; past this a table is cut. */
export const MAX_ROWS = 4_096;
