import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { checkValue } from "@/core/contract/editor/check_value.ts";
import { addCommand, setCommand } from "@/core/contract/editor/commands.ts";
import type { Field, MenuSchema } from "@/core/contract/editor/field.ts";
import { itemProblems } from "@/core/contract/editor/item_rules.ts";
import type { PendingRow } from "@/core/contract/editor/pending_rows.ts";
import type { RouterVersion } from "@/core/contract/editor/router_version.ts";
import { toWritten } from "@/core/contract/editor/same_value.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import { targetOf } from "@/core/contract/editor/targets.ts";

export type Draft = Readonly<Record<string, string>>;

/** What a form begins with: what the item would be, as it is written. */
export function draftOf(fields: readonly Field[], row: PendingRow | undefined): Draft {
  return Object.fromEntries(
    fields.filter(({ isReadOnly }) => !isReadOnly).map(({ name, type }) => [
      name,
      toWritten(row?.values[name] ?? "", type),
    ]),
  );
}

/** Of a copy: what only the original can have is left out. */
export function copyDraft(fields: readonly Field[], row: PendingRow): Draft {
  const draft = draftOf(fields, row);
  return Object.fromEntries(
    Object.entries(draft).map(([name, value]) => [
      name,
      value.includes(HIDDEN) || name === "name" ? "" : value,
    ]),
  );
}

export interface Problems {
  readonly [name: string]: string;
}

/** What cannot be, by attribute. */
export function draftProblems(
  { menu, fields, draft, row, version }: {
    menu: MenuSchema | undefined;
    fields: readonly Field[];
    draft: Draft;
    /** The item that is being changed; absent: one is added. */
    row: PendingRow | undefined;
    version: RouterVersion;
  },
): Problems {
  const problems: Record<string, string> = {};
  for (const field of fields) {
    if (field.isReadOnly) continue;
    const value = draft[field.name] ?? "";
    const was = toWritten(row?.values[field.name] ?? "", field.type);
    if (row && value === was) continue;
    if (value === "" && field.isRequired) problems[field.name] = "is needed";
    const problem = value === HIDDEN ? undefined : checkValue(field, value);
    if (problem) problems[field.name] = problem;
  }
  const before = new Set(
    row?.item ? itemProblems(menu?.path ?? "", row.values, version).map(textOf) : [],
  );
  for (const problem of itemProblems(menu?.path ?? "", draft, version)) {
    if (!before.has(textOf(problem))) problems[problem.name] ??= problem.message;
  }
  return problems;
}

const textOf = ({ name, message }: { name: string; message: string }) => `${name} ${message}`;

/** The command that a form stands for; `undefined`: nothing would change. */
export function draftCommand(
  { path, menu, draft, row, pendingAdd, before }: {
    path: string;
    menu: MenuSchema | undefined;
    draft: Draft;
    row: PendingRow | undefined;
    /** The pending command that adds the row. */
    pendingAdd: ConfigCommand | undefined;
    /** Where a new item goes. */
    before: ItemTarget | null;
  },
): { command: ConfigCommand; seen?: Record<string, string> } | undefined {
  if (!row) return { command: addCommand(path, menu, draft, before) };
  if (row.item === null) {
    if (pendingAdd?.action !== "add") return undefined;
    return { command: addCommand(path, menu, draft, pendingAdd.before) };
  }
  const command = setCommand(path, menu, targetOf(row.item), row.values, draft);
  if (!command || command.action !== "set") return undefined;
  const { item } = row;
  const seen = Object.fromEntries(
    Object.keys(command.attributes)
      .filter((name) => !item.secrets.includes(name))
      .map((name) => [name, item.values[name] ?? ""]),
  );
  return { command, seen };
}
