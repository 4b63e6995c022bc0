import type { ExportEntry, RouterosExport } from "@/core/wire/routeros/export/model.ts";
import { DEFAULTS, type DefaultValue, NOT_EXPORTED } from "./defaults.ts";
import { versionNumbers } from "./version.ts";

/** An item of a configuration, exported or there by default. */
export interface ConfigItem {
  readonly menu: string;
  /** What the export says of it; the last word where it says something twice. */
  readonly said: ReadonlyMap<string, string>;
  /** The line of the export that is about it; `null`: there is none, it is as RouterOS made it. */
  readonly entry: ExportEntry | null;
  /** By which the item is told from others of its menu, beside what is said. */
  readonly name: string | null;
  readonly isSettings: boolean;
}

/** What a router's own answers tell beside its export; `null`: it was not asked. */
export interface RouterFacts {
  readonly version: string | null;
  /** Rows of menus that exports leave out, by menu. */
  readonly menus: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
}

/** A configuration as rules look at it: with everything in it that an export leaves out. */
export class ConfigView {
  readonly version: readonly number[] | undefined;
  readonly versionText: string | null;
  readonly #entries: Map<string, ExportEntry[]>;
  readonly #failed: readonly string[];
  readonly #facts: RouterFacts;
  readonly #items = new Map<string, readonly ConfigItem[]>();

  constructor(
    config: Pick<RouterosExport, "header" | "entries" | "failedMenus">,
    facts: RouterFacts,
  ) {
    this.versionText = facts.version ?? config.header.version;
    this.version = versionNumbers(this.versionText);
    this.#entries = Map.groupBy(config.entries, ({ menu }) => menu);
    this.#failed = config.failedMenus;
    this.#facts = facts;
  }

  /** Why nothing can be said of a menu; `undefined`: something can. */
  unreadable(menu: string): string | undefined {
    const failed = this.#failed.find((one) => menu === one || menu.startsWith(`${one}/`));
    if (failed !== undefined) return `the router could not export ${failed}`;
    if (!NOT_EXPORTED.has(menu) || this.#facts.menus[menu]) return undefined;
    return this.#entries.has(menu) ? undefined : `exports leave ${menu} out`;
  }

  items(menu: string): readonly ConfigItem[] {
    let items = this.#items.get(menu);
    if (!items) this.#items.set(menu, items = this.#build(menu));
    return items;
  }

  /** `undefined`: it is left out of the export, and what it is by default is not known. */
  valueOf(item: ConfigItem, attribute: string, absent?: string): string | undefined {
    const said = item.said.get(attribute);
    if (said !== undefined) return said;
    if (absent !== undefined) return absent;
    const known = DEFAULTS[item.menu];
    const own = known?.items?.find(({ names }) => names[0] === item.name)?.values[attribute];
    const value = own ?? known?.values[attribute];
    if (value !== undefined) return this.#of(value);
    if (attribute === "disabled") return "no";
    return item.isSettings ? undefined : "";
  }

  #of(value: DefaultValue): string {
    return typeof value === "string" ? value : (this.version?.[0] ?? 7) >= 7 ? value[7] : value[6];
  }

  #build(menu: string): readonly ConfigItem[] {
    const rows = this.#facts.menus[menu];
    if (rows) {
      return rows.map((row) => ({
        ...{ menu, said: new Map(Object.entries(row)), entry: null, isSettings: false },
        name: row["name"] ?? null,
      }));
    }
    const known = DEFAULTS[menu];
    const entries = this.#entries.get(menu) ?? [];
    if (known?.kind === "settings" || (!known && entries.some(isOfSettings))) {
      const own = entries.filter(isOfSettings);
      const item = itemOf(menu, own.at(-1) ?? null, null, true);
      const said = new Map(own.flatMap((entry) => [...saidBy(entry)]));
      const others = entries.filter((entry) => !isOfSettings(entry));
      return [
        { ...item, said },
        ...others.map((entry) => itemOf(menu, entry, nameOf(entry), false)),
      ];
    }
    const left = [...entries];
    const fixed = (known?.items ?? []).map(({ names }) => {
      const about = left.filter((entry) =>
        entry.command === "set" && names.includes(nameOf(entry)!)
      );
      for (const entry of about) left.splice(left.indexOf(entry), 1);
      const said = new Map(about.flatMap((entry) => [...saidBy(entry)]));
      return { ...itemOf(menu, about.at(-1) ?? null, names[0]!, false), said };
    });
    return [...fixed, ...left.map((entry) => itemOf(menu, entry, nameOf(entry), false))];
  }
}

const isOfSettings = ({ command, selector }: ExportEntry) => command === "set" && selector === null;

function itemOf(
  menu: string,
  entry: ExportEntry | null,
  name: string | null,
  isSettings: boolean,
): ConfigItem {
  return { menu, entry, name, isSettings, said: entry ? saidBy(entry) : new Map() };
}

/** What a line says, its selector's conditions among it: `[ find default-name=ether1 ]`. */
function saidBy({ attributes, selector }: ExportEntry): Map<string, string> {
  const found = selector?.kind === "find" ? selector.where : [];
  return new Map([...found, ...attributes].map(({ name, value }) => [name, value ?? ""]));
}

/** By which a `set` names its item. */
function nameOf({ selector }: ExportEntry): string | null {
  if (!selector) return null;
  if (selector.kind === "item") return selector.item;
  const first = selector.where[0];
  if (first?.name === "default") return "default";
  return first?.value ?? null;
}
