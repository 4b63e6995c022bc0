import type { MenuSchema } from "./field.ts";

const TELLING = ["name", "comment", "chain", "action", "protocol", "dst-port", "src-address"];
const MOST = 200;

/** How people know an item of a menu. */
export function itemLabel(
  menu: MenuSchema | undefined,
  values: Readonly<Record<string, string | null>>,
): string {
  const of = (names: readonly string[]) => names.map((name) => values[name]).filter(Boolean);
  const isOrdered = menu?.isOrdered ?? false;
  const keys = isOrdered || !menu ? [] : of(menu.key);
  const words = keys.length > 0 ? keys : of(TELLING);
  const rest = words.length > 0 ? words : Object.values(values).filter(Boolean).slice(0, 3);
  return rest.join(" ").slice(0, MOST);
}
