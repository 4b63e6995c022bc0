import type { ItemTarget } from "../config_commands.ts";
import type { PendingRow } from "./pending_rows.ts";

/** Whether another item can be put before it: only what stands on the router, and stays. */
const isPlace = ({ item, mark, values }: PendingRow) =>
  item !== null && item.id !== null && mark !== "removed" && values["dynamic"] !== "true";

/**
 * Before which item a row has to be put so that it ends at the place `to` of `rows`; `null`: at the
 * end. `undefined`: nothing would change.
 */
export function placeBefore(
  rows: readonly PendingRow[],
  key: string,
  to: number,
): ItemTarget | null | undefined {
  const from = rows.findIndex((row) => row.key === key);
  if (from < 0) return undefined;
  const others = rows.filter((row) => row.key !== key);
  const nextOf = (at: number, list: readonly PendingRow[]) => list.slice(at).find(isPlace);
  const target = nextOf(Math.max(0, to), others);
  const now = nextOf(from + 1, rows);
  if (target === now) return undefined;
  return target ? { by: "id", id: target.item!.id! } : null;
}
