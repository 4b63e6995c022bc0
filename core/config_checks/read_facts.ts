import type { RouterFacts } from "@/core/config_view/config_view.ts";
import { type LinkRow, readable, type RouterLink } from "@/core/router_link/link.ts";
import type { TenantId } from "@/core/scope.ts";

/** Menus that exports leave out and that rules may ask about, each with what is read of it. */
const MENUS: Readonly<Record<string, readonly string[]>> = {
  "/user": ["name", "group", "address", "disabled", "comment"],
};
export const FACT_MENUS: ReadonlySet<string> = new Set(Object.keys(MENUS));

const DEADLINE_MS = 8_000;
const MAX_ROWS = 200;
const MAX_VALUE = 300;

/** Asks a router; `undefined`: it did not answer, and what it told before still counts. */
export async function readFacts(
  link: RouterLink,
  router: { tenantId: TenantId; deviceId: string },
): Promise<RouterFacts["menus"] | undefined> {
  try {
    const connection = await link.open(router);
    try {
      const menus: Record<string, Record<string, string>[]> = {};
      for (const [menu, proplist] of Object.entries(MENUS)) {
        const { rows } = await connection.run(`${menu}/print`, {
          proplist,
          deadlineMs: DEADLINE_MS,
        });
        menus[menu] = rows.slice(0, MAX_ROWS).map((row) => factOf(row, proplist));
      }
      return menus;
    } finally {
      await connection.close();
    }
  } catch {
    return undefined;
  }
}

function factOf(row: LinkRow, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = row[name];
    if (value === undefined) return [];
    const text = readable(value).replaceAll("\0", "").slice(0, MAX_VALUE).toWellFormed();
    // As an export writes it.
    return [[name, text === "true" ? "yes" : text === "false" ? "no" : text]];
  }));
}
