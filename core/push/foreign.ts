import { isOrdered } from "@/core/configs/item_keys.ts";
import { isSame } from "./device_values.ts";
import { isState, plainValue, saying } from "./menu_rows.ts";
import type { LinkRow } from "@/core/router_link/link.ts";
import type { MenuRows, PushRecord, ResolvedCommand } from "./record.ts";

export interface Judgement {
  /** Whether all that the push does to the router is undone, or is as it was proven. */
  readonly holds: boolean;
  /** What somebody else did meanwhile, without values. */
  readonly foreign: readonly string[];
}

/**
 * Compares what the router holds with what it should, item by item, and tells what the push had its hand
 * in from what it had not. `wanted` is how it was before (undone) or once proven (kept).
 */
export function judge(
  record: PushRecord,
  wanted: readonly MenuRows[],
  now: readonly MenuRows[],
): Judgement {
  const foreign: string[] = [];
  let holds = true;
  const commands = record.plan!.commands;
  const isUndoing = wanted === record.evidence!.before;
  for (const [at, { menu, rows }] of wanted.entries()) {
    const seen = now[at]!.rows;
    const own = ownOf(menu, commands, record);
    const rest = new Set(seen);
    const missing: LinkRow[] = [];
    for (const row of rows) {
      const same = [...rest].find((other) => other[".id"] === row[".id"]);
      if (same) rest.delete(same);
      else missing.push(row);
      if (!same) continue;
      for (const name of differing(menu, row, same)) {
        if (own.attributes.get(row[".id"] ?? "")?.has(name)) {
          holds = false;
          continue;
        }
        // A number that moves in a menu of one item is a counter.
        if (!(wanted[at]!.isSingle && isNumber(row[name]) && isNumber(same[name]))) {
          foreign.push(`${menu}: ${name} of an item was changed`);
        }
      }
    }
    for (const row of missing) {
      // What was added again has another id.
      const again = [...rest].find((other) => saying(menu, other) === saying(menu, row));
      if (again) rest.delete(again);
      else if (isUndoing ? own.removed.has(row[".id"]!) : own.added.has(row[".id"]!)) holds = false;
      else foreign.push(`${menu}: an item was removed`);
    }
    for (const row of rest) {
      const isOurs = own.added.has(row[".id"] ?? "") ||
        own.adds.some((values) => fits(row, values));
      if (isUndoing ? isOurs : isPutBack(row, menu, own, record)) holds = false;
      else foreign.push(`${menu}: an item was added`);
    }
  }
  if (holds && foreign.length === 0) holds = !isOutOfOrder(wanted, now);
  return { holds, foreign: [...new Set(foreign)].slice(0, 50) };
}

interface Own {
  readonly added: ReadonlySet<string>;
  readonly adds: readonly Readonly<Record<string, string>>[];
  readonly removed: ReadonlySet<string>;
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>;
}

function ownOf(menu: string, commands: readonly ResolvedCommand[], record: PushRecord): Own {
  const attributes = new Map<string, Set<string>>();
  const removed = new Set<string>();
  const adds: Readonly<Record<string, string>>[] = [];
  for (const command of commands) {
    if (command.menu !== menu) continue;
    if (command.action === "add") adds.push(command.attributes);
    if (command.action === "remove") removed.add(command.id);
    if (command.action === "set") {
      const names = attributes.get(command.id ?? "") ?? new Set<string>();
      for (const name of Object.keys(command.attributes)) names.add(name);
      attributes.set(command.id ?? "", names);
    }
  }
  const added = new Set(
    record.evidence!.added.filter((one) => one.menu === menu).map(({ id }) => id),
  );
  // Any attribute of an item the push made is its own.
  for (const id of added) attributes.set(id, new Set(adds.flatMap((one) => Object.keys(one))));
  return { added, adds, removed, attributes };
}

const fits = (row: LinkRow, values: Readonly<Record<string, string>>) =>
  Object.entries(values).every(([name, value]) => isSame(row[name] ?? "", value));

const isNumber = (value: string | undefined) => /^\d[\d.:wdhms]*$/.test(value ?? "");

/** Whether an item that the push removed is there again. */
function isPutBack(row: LinkRow, menu: string, own: Own, record: PushRecord): boolean {
  const before = record.evidence!.before.find((one) => one.menu === menu)!.rows;
  return own.removed.has(row[".id"] ?? "") ||
    before.some((old) => own.removed.has(old[".id"]!) && saying(menu, old) === saying(menu, row));
}

function differing(menu: string, a: LinkRow, b: LinkRow): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) =>
    !isState(menu, name) && !isSame(plainValue(a[name]), plainValue(b[name]))
  );
}

/** Every item is there and says the same; only where they stand is left. */
const isOutOfOrder = (wanted: readonly MenuRows[], now: readonly MenuRows[]) =>
  wanted.some(({ menu, rows }, at) =>
    isOrdered(menu) &&
    rows.map((row) => saying(menu, row)).join("\n") !==
      now[at]!.rows.map((row) => saying(menu, row)).join("\n")
  );
