import type { PendingChange } from "../change_sets.ts";
import type { ItemTarget } from "../config_commands.ts";
import { isSameValue } from "./same_value.ts";
import type { EditorItem, EditorTable } from "./table.ts";
import { findTarget } from "./targets.ts";

export type RowMark = "none" | "added" | "changed" | "removed";

/** A row of a table as it would be once the pending changes are pushed. */
export interface PendingRow {
  /** Stays the same while changes come and go. */
  readonly key: string;
  /** As the router holds it; `null`: it does not yet. */
  readonly item: EditorItem | null;
  /** As it would be. */
  readonly values: Readonly<Record<string, string>>;
  readonly mark: RowMark;
  readonly isMoved: boolean;
  /** Of each attribute that would change: what it is now. */
  readonly before: Readonly<Record<string, string>>;
  /** Changes that are about it, oldest first. */
  readonly changes: readonly string[];
}

interface Mutable {
  key: string;
  item: EditorItem | null;
  values: Record<string, string>;
  mark: RowMark;
  isMoved: boolean;
  before: Record<string, string>;
  changes: string[];
}

/** The table with what is pending on it, in the order it would have. */
export function pendingRows(
  table: Pick<EditorTable, "menu" | "items">,
  changes: readonly PendingChange[],
): PendingRow[] {
  const rows: Mutable[] = table.items.map((item, at) => ({
    key: item.id ?? `menu${at}`,
    ...{ item, values: { ...item.values }, mark: "none", isMoved: false, before: {}, changes: [] },
  }));
  const find = (target: ItemTarget) => {
    const item = findTarget(table.items, target);
    return item && rows.find((row) => row.item === item);
  };
  const place = (before: ItemTarget | null) => {
    const next = before && find(before);
    return next ? rows.indexOf(next) : rows.length;
  };
  for (const { id, command } of changes) {
    if (command.menu !== table.menu) continue;
    if (command.action === "add") {
      rows.splice(place(command.before), 0, {
        ...{ key: id, item: null, values: { ...command.attributes }, mark: "added" },
        ...{ isMoved: false, before: {}, changes: [id] },
      });
      continue;
    }
    const row = find(command.target);
    if (!row) continue;
    row.changes.push(id);
    if (command.action === "remove") row.mark = "removed";
    else if (command.action === "set") change(row, command.attributes);
    else {
      row.isMoved = true;
      rows.splice(rows.indexOf(row), 1);
      rows.splice(place(command.before), 0, row);
    }
  }
  return rows;
}

function change(row: Mutable, attributes: Readonly<Record<string, string | null>>): void {
  row.mark = "changed";
  for (const [name, value] of Object.entries(attributes)) {
    const now = row.item?.values[name] ?? "";
    if (value !== null && isSameValue(now, value) && !row.item?.secrets.includes(name)) continue;
    row.before[name] = now;
    row.values[name] = value ?? "";
  }
}
