import { join } from "node:path";
import { giveWay } from "@/core/give_way.ts";

/** Beside main.js in the artifact; the package in a checkout. */
const CANDIDATES = ["vendors.json", "../../node_modules/oui-data/index.json"];

/** Prefixes of 36, 28 and 24 bits: a small maker has a part of a larger block. */
const LENGTHS = [9, 7, 6];

export class Vendors {
  readonly #byPrefix: ReadonlyMap<string, string>;

  constructor(byPrefix: ReadonlyMap<string, string>) {
    this.#byPrefix = byPrefix;
  }

  /** Who made the device with this MAC (upper case, colons); `null`: unknown or chosen at random. */
  of(macAddress: string): string | null {
    if (isRandomMac(macAddress)) return null;
    const digits = macAddress.replaceAll(":", "");
    for (const length of LENGTHS) {
      const vendor = this.#byPrefix.get(digits.slice(0, length));
      if (vendor !== undefined) return vendor;
    }
    return null;
  }
}

/** The second lowest bit of the first byte: not given by a maker, but chosen by software. */
export function isRandomMac(macAddress: string): boolean {
  return (parseInt(macAddress.slice(0, 2), 16) & 2) === 2;
}

let loaded: Promise<Vendors> | undefined;

/** The list of the IEEE, read once for the whole process. Without the file nothing has a vendor. */
export function loadVendors(): Promise<Vendors> {
  return loaded ??= readList().then((list) => new Vendors(list));
}

/** The prefix and the first line of what it stands for, which is the name; an address follows. */
const ENTRY = /"([0-9A-F]{6,9})":\s*"((?:[^"\\]|\\[^n])*)/g;
/** Entries read before others have a turn: there are fifty thousand. */
const STEP = 2_000;

/** Not by JSON.parse: five megabytes at a stroke would hold up every request for a moment. */
async function readList(): Promise<Map<string, string>> {
  for (const candidate of CANDIDATES) {
    const text = await Deno.readTextFile(join(import.meta.dirname!, candidate)).catch(() => null);
    if (text === null) continue;
    // One string for the many blocks of one maker.
    const names = new Map<string, string>();
    const byPrefix = new Map<string, string>();
    for (const [, prefix, raw] of text.matchAll(ENTRY)) {
      if (byPrefix.size % STEP === STEP - 1) await giveWay();
      let name = names.get(raw!);
      if (name === undefined) {
        const whole: string = raw!.includes("\\") ? JSON.parse(`"${raw}"`) : raw!;
        names.set(raw!, name = whole.slice(0, 100));
      }
      byPrefix.set(prefix!, name);
    }
    return byPrefix;
  }
  return new Map();
}
