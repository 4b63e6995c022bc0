import type { ConfigCommand, ItemTarget } from "../../config_commands.ts";
import type { PendingChange } from "../../change_sets.ts";
import { addCommand, removeCommand, setCommand } from "../commands.ts";
import { menuSchema } from "../known_menus.ts";
import { type PendingRow, pendingRows } from "../pending_rows.ts";
import type { EditorTable } from "../table.ts";
import { targetOf } from "../targets.ts";

/** One change of a plain form. */
export interface SimpleChange {
  readonly command: ConfigCommand;
  /** The pending change that it takes the place of. */
  readonly edits?: string;
}

type Values = Readonly<Record<string, string>>;

/** The menus that the plain forms are about, as the router would hold them once all is pushed. */
export class SimpleTables {
  readonly #rows: ReadonlyMap<string, readonly PendingRow[]>;
  readonly #pending: readonly PendingChange[];

  constructor(tables: readonly EditorTable[], pending: readonly PendingChange[]) {
    this.#rows = new Map(tables.map((table) => [table.menu, pendingRows(table, pending)]));
    this.#pending = pending;
  }

  /** Whether the router has the menu. */
  has(menu: string): boolean {
    return this.#rows.has(menu);
  }

  /** Items that people made and that stay. */
  rows(menu: string): PendingRow[] {
    return (this.#rows.get(menu) ?? []).filter(({ mark, values }) =>
      mark !== "removed" && !isOn(values["dynamic"])
    );
  }

  /** The one item of a menu such as `/ip/dns`. */
  one(menu: string): Values {
    return this.#rows.get(menu)?.[0]?.values ?? {};
  }

  /** What makes `row` say `wanted`; nothing where it does. */
  set(menu: string, row: PendingRow, wanted: Values): SimpleChange[] {
    const schema = menuSchema(menu);
    if (row.item === null) {
      const id = row.changes[0]!;
      const added = this.#pending.find((change) => change.id === id)?.command;
      if (added?.action !== "add") return [];
      const isSame = Object.entries(wanted).every(([name, value]) =>
        (row.values[name] ?? "") === value
      );
      const command = addCommand(menu, schema, { ...added.attributes, ...wanted }, added.before);
      return isSame ? [] : [{ command, edits: id }];
    }
    // Some versions leave the word out where an item is on.
    const from = { disabled: "no", ...row.values };
    const command = setCommand(menu, schema, targetOf(row.item), from, wanted);
    return command ? [{ command }] : [];
  }

  setOne(menu: string, wanted: Values): SimpleChange[] {
    const row = this.#rows.get(menu)?.[0];
    return row ? this.set(menu, row, wanted) : [];
  }

  add(menu: string, values: Values, before: ItemTarget | null = null): SimpleChange {
    return { command: addCommand(menu, menuSchema(menu), values, before) };
  }

  /** Sets the item, or makes it where there is none. */
  put(
    menu: string,
    row: PendingRow | undefined,
    wanted: Values,
    more: Values = {},
  ): SimpleChange[] {
    return row ? this.set(menu, row, wanted) : [this.add(menu, { ...more, ...wanted })];
  }

  /** A pending item cannot be removed by a command: it is taken back where it is shown. */
  remove(menu: string, row: PendingRow): SimpleChange[] {
    return row.item ? [{ command: removeCommand(menu, targetOf(row.item)) }] : [];
  }
}

export const isOn = (value: string | undefined) => value === "true" || value === "yes";
export const yesNo = (is: boolean) => (is ? "yes" : "no");
export const isEnabled = ({ values }: PendingRow) => !isOn(values["disabled"]);
