import type { ItemTarget } from "@/core/contract/config_commands.ts";
import { findTarget } from "@/core/contract/editor/targets.ts";
import { itemOf, MOST_ITEMS } from "./read_menu.ts";
import type { Ask } from "./router_reader.ts";

export interface FoundItem {
  readonly id: string | null;
  readonly values: Readonly<Record<string, string>>;
}

/** Past so many items of a menu it is read as a whole. */
const ONE_BY_ONE = 8;
const DEADLINE_MS = 20_000;

/**
 * The items that targets name, with their secrets, in the order asked; `undefined`: not exactly one
 * fits. For the server alone.
 */
export async function findItems(
  ask: Ask,
  menu: string,
  targets: readonly ItemTarget[],
): Promise<(FoundItem | undefined)[]> {
  if (targets.length > ONE_BY_ONE) {
    const all = await rowsOf(ask, menu, []);
    if (all.length <= MOST_ITEMS) return targets.map((target) => findTarget(all, target));
  }
  const found: (FoundItem | undefined)[] = [];
  for (const target of targets) {
    found.push(findTarget(await rowsOf(ask, menu, queriesOf(target)), target));
  }
  return found;
}

function queriesOf(target: ItemTarget): string[] {
  if (target.by === "id") return [`.id=${target.id}`];
  // Only by what has one form: `true` and `yes`, or nothing and empty, are told apart by ourselves.
  const plain = target.by === "where"
    ? Object.entries(target.where).find(([, value]) => ASCII.test(value) && !FLAG.test(value))
    : undefined;
  return plain ? [plain.join("=")] : [];
}

const ASCII = /^[ -~]+$/;
const FLAG = /^(yes|no|true|false)$/;

async function rowsOf(ask: Ask, menu: string, queries: string[]): Promise<FoundItem[]> {
  const { rows } = await ask(`${menu}/print`, { queries, deadlineMs: DEADLINE_MS });
  return rows.map((row) => {
    const { values } = itemOf(menu, row, false, true);
    return { id: row[".id"] ?? null, values };
  });
}
