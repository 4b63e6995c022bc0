import { isOrdered } from "@/core/configs/item_keys.ts";
import { isSecret } from "@/core/configs/secrets.ts";
import type { LinkRow } from "@/core/router_link/link.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { isState } from "./menu_rows.ts";
import type { MenuRows, ResolvedCommand } from "./record.ts";
import { toBytes } from "./resolve.ts";
import { isSame } from "./device_values.ts";

/**
 * A step back. Each may be taken whatever part of the change was carried out, and again: what is so
 * already stays so.
 */
export type InverseStep =
  /** Removes items that are none of `keep`. */
  | {
    readonly kind: "prune";
    readonly menu: string;
    readonly keep: readonly string[];
    readonly hasDynamic: boolean;
  }
  /** Adds the item again where it is gone. */
  | {
    readonly kind: "restore";
    readonly menu: string;
    readonly id: string;
    readonly attributes: Readonly<Record<string, string>>;
  }
  | {
    readonly kind: "set";
    readonly menu: string;
    readonly id: string | null;
    readonly attributes: Readonly<Record<string, string | null>>;
  }
  /** Puts items before what followed them, the last first; `null`: to the end. */
  | {
    readonly kind: "order";
    readonly menu: string;
    readonly places: readonly (readonly [id: string, before: string | null])[];
  };

export interface Inverse {
  readonly steps: readonly InverseStep[];
  /** Why the steps alone may not bring everything back; empty: they do. */
  readonly doubts: readonly string[];
}

/** What undoes `commands` on a router that held `menus`. `entries` is its export, where there is one. */
export function inverseOf(
  commands: readonly ResolvedCommand[],
  menus: readonly MenuRows[],
  entries: readonly ExportEntry[] | undefined,
): Inverse {
  const doubts = new Set<string>();
  const of = new Map(menus.map((one) => [one.menu, one]));
  const rowOf = (menu: string, id: string | null) =>
    of.get(menu)!.rows.find((row) => id === null || row[".id"] === id);
  const backwards = [...commands].reverse();
  const pruned = backwards.filter(({ action }) => action === "add" || action === "remove");
  const steps: InverseStep[] = [...new Set(pruned.map(({ menu }) => menu))]
    .map((menu) => pruneStep(of.get(menu)!));
  for (const command of backwards) {
    if (command.action === "remove" && !command.id.startsWith("+")) {
      const { menu, id } = command;
      const attributes = addable(of.get(menu)!, id, entries, doubts);
      if (isReferredTo(rowOf(menu, id)!, menu, entries, commands, of)) {
        doubts.add(`others refer to what is removed from ${menu}`);
      }
      steps.push({ kind: "restore", menu, id, attributes });
    }
    if (command.action === "set" && !command.id?.startsWith("+")) {
      const { menu, id } = command;
      const row = rowOf(menu, id)!;
      const old = Object.keys(command.attributes).map((name) =>
        [name, oldValue(menu, row, name, doubts)] as const
      );
      steps.push({ kind: "set", menu, id, attributes: Object.fromEntries(old) });
    }
  }
  for (const menu of menus) {
    const places = placesOf(menu, commands);
    if (places.length > 0) steps.push({ kind: "order", menu: menu.menu, places });
  }
  return { steps, doubts: [...doubts] };
}

function pruneStep({ menu, rows }: MenuRows): InverseStep {
  // Who asks for a property that a menu does not know gets an error there.
  const hasDynamic = rows.length > 0
    ? rows.some((row) => row["dynamic"] !== undefined)
    : /^\/(?:ip|ipv6|interface|queue|routing)\//.test(menu);
  return { kind: "prune", menu, keep: rows.map((row) => row[".id"]!), hasDynamic };
}

function oldValue(menu: string, row: LinkRow, name: string, doubts: Set<string>): string | null {
  const value = row[name];
  if (value !== undefined) return value;
  if (isSecret(menu, { name, value: "x" })) doubts.add(`the router hides ${name} in ${menu}`);
  if (name === "comment") return "";
  return name === "disabled" ? "no" : null;
}

/** What `add` must be told to make the item again: what its export says, else all it tells of itself. */
function addable(
  menu: MenuRows,
  id: string,
  entries: readonly ExportEntry[] | undefined,
  doubts: Set<string>,
): Record<string, string> {
  const row = menu.rows.find((one) => one[".id"] === id)!;
  const exported = entries && exportOf(menu, row, entries);
  if (exported) return exported;
  for (const name of Object.keys(row)) {
    if (isSecret(menu.menu, { name, value: row[name]! }) && /^\**$/.test(row[name]!)) {
      doubts.add(`the router hides ${name} in ${menu.menu}`);
    }
  }
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => value !== "" && !isState(menu.menu, name)),
  );
}

/** The export lists the same items in the same order; where it does not, it is of no use here. */
function exportOf(
  { menu, rows }: MenuRows,
  row: LinkRow,
  entries: readonly ExportEntry[],
): Record<string, string> | undefined {
  const added = entries.filter((entry) => entry.menu === menu && entry.command === "add");
  const entry = added.length === rows.length ? added[rows.indexOf(row)] : undefined;
  if (!entry) return undefined;
  const values = entry.attributes.flatMap(({ name, value }) =>
    value === null ? [] : [[name, toBytes(value)] as const]
  );
  const agrees = values.every(([name, value]) =>
    row[name] === undefined || isSame(row[name], value)
  );
  return agrees ? Object.fromEntries(values) : undefined;
}

/** A router keeps references as ids: what is added again is another item to those who referred to it. */
function isReferredTo(
  row: LinkRow,
  menu: string,
  entries: readonly ExportEntry[] | undefined,
  commands: readonly ResolvedCommand[],
  of: ReadonlyMap<string, MenuRows>,
): boolean {
  const name = row["name"];
  if (name === undefined || /^\/(?:system|tool|ppp\/secret|user)/.test(menu)) return false;
  if (!entries) return /^\/(?:interface|ip\/pool|ppp\/profile|queue\/type|routing)/.test(menu);
  const removed = new Set(
    commands.flatMap((one) => one.action === "remove" ? [`${one.menu} ${one.id}`] : []),
  );
  const text = name.toLowerCase();
  return entries.some((entry) => {
    if (
      entry.menu === menu && entry.attributes.some((a) => a.name === "name" && a.value === name)
    ) {
      return false;
    }
    const refers = entry.attributes.some((attribute) =>
      attribute.name !== "comment" && attribute.name !== "name" &&
      (attribute.value ?? "").toLowerCase().split(",").includes(text)
    );
    if (!refers) return false;
    // Those that are removed with it are added again after it.
    const rows = of.get(entry.menu)?.rows ?? [];
    const same = rows.filter((other) =>
      entry.attributes.every((a) =>
        a.value === null || other[a.name] === undefined || isSame(other[a.name]!, toBytes(a.value))
      )
    );
    return same.length === 0 ||
      !same.every((other) => removed.has(`${entry.menu} ${other[".id"]}`));
  });
}

function placesOf(menu: MenuRows, commands: readonly ResolvedCommand[]) {
  const moved = new Set(
    commands.flatMap((one) =>
      one.menu === menu.menu &&
        (one.action === "move" || (one.action === "remove" && isOrdered(menu.menu)))
        ? [one.id]
        : []
    ),
  );
  const ids = menu.rows.map((row) => row[".id"]!);
  return ids.map((id, at) => [id, ids[at + 1] ?? null] as const).filter(([id]) => moved.has(id))
    .reverse();
}
