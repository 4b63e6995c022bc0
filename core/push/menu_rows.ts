import { isOrdered } from "@/core/configs/item_keys.ts";
import { LinkFailed, type LinkRow, type RouterConnection } from "@/core/router_link/link.ts";
import { isTrue } from "./device_values.ts";
import type { MenuRows } from "./record.ts";

/** What the router says of an item beside its configuration: it changes by itself. */
const STATE = new RegExp(
  "^(?:\\.(?:id|nextid|about|dead)|dynamic|invalid|inactive|active|running|slave|bytes|packets|rate|packet-rate|" +
    "queued-(?:bytes|packets)|dropped|total-(?:bytes|packets|dropped|rate|packet-rate|queued-bytes|queued-packets)|" +
    "uptime|age|since|status|run-count|next-run|expires-after|link-downs|gateway-status|immediate-gw|" +
    "last-(?!resort).*|current-.*|actual-.*|active-.*|(?:fp-)?(?:rx|tx)-(?:bits?|bytes?|packets?|errors?|drops?|queue-drop).*|" +
    "builtin|default-name|hw-offload|designated-bridge|debug-info|last-started|owner|logged-in|creation-time|size|reachable|" +
    "connect|static|bgp|ospf|rip|ecmp|done-tests|failed-tests|times-matched|hits|mtu-actual)$",
);
/** Besides, where the menu gives the name that meaning. */
const STATE_IN: Readonly<Record<string, ReadonlySet<string>>> = {
  "/ip/dhcp-server/lease": new Set(["host-name", "radius", "blocked"]),
  "/ip/dhcp-client": new Set(["address", "gateway", "dhcp-server", "primary-dns", "secondary-dns"]),
  "/system/clock": new Set(["date", "time", "gmt-offset", "dst-active"]),
  "/ip/cloud": new Set(["public-address", "dns-name", "warning"]),
};
/** More than this is no menu that people configure. */
const MAX_ROWS = 20_000;

export const isState = (menu: string, name: string): boolean =>
  STATE.test(name) || (STATE_IN[menu]?.has(name) ?? false);

/** The items of a menu that are configuration, in its order. Those of pushes are none. */
export async function readMenu(connection: RouterConnection, menu: string): Promise<MenuRows> {
  const { rows } = await connection.run(`${menu}/print`);
  const isSingle = rows.length === 1 && rows[0]![".id"] === undefined;
  const kept = isSingle
    ? rows
    : rows.filter((row) =>
      row[".id"] !== undefined && !isTrue(row["dynamic"]) && !isOwn(menu, row)
    );
  // A part of a menu would be taken for the whole: what is not in it, for what a push added.
  if (kept.length > MAX_ROWS) {
    throw new LinkFailed("too_large", `${menu} has ${kept.length} items: too many to watch over`);
  }
  return { menu, isSingle, rows: kept };
}

const isOwn = (menu: string, row: LinkRow) =>
  (menu === "/system/script" || menu === "/system/scheduler") &&
  (row["name"] ?? "").startsWith("tod-");

/** What an item says, without its id and without what changes by itself. */
export function saying(menu: string, row: LinkRow): string {
  return JSON.stringify(
    Object.entries(row).map(([name, value]) => [name, plainValue(value)] as const)
      .filter(([name, value]) => value !== "" && !isState(menu, name))
      .sort(([a], [b]) => a < b ? -1 : 1),
  );
}

/** Nothing, `""` and `false` are the same: which of them a router tells depends on its version and mood. */
export const plainValue = (value: string | undefined): string =>
  value === undefined || value === "no" || value === "false"
    ? ""
    : value === "yes"
    ? "true"
    : value;

const sayingsOf = ({ menu, rows }: MenuRows) => {
  const texts = rows.map((row) => saying(menu, row));
  return isOrdered(menu) ? texts : texts.sort();
};

/** Whether two readings of the same menus hold the same configuration, ids aside. */
export function sameMenus(a: readonly MenuRows[], b: readonly MenuRows[]): boolean {
  return a.length === b.length &&
    a.every((one, at) => JSON.stringify(sayingsOf(one)) === JSON.stringify(sayingsOf(b[at]!)));
}

/** How two readings differ, a line a menu, without values. */
export function differences(before: readonly MenuRows[], now: readonly MenuRows[]): string[] {
  const lines: string[] = [];
  for (const [at, { menu }] of before.entries()) {
    const [old, seen] = [sayingsOf(before[at]!), sayingsOf(now[at]!)];
    if (JSON.stringify(old) === JSON.stringify(seen)) continue;
    const gone = minus(old, seen).length;
    const came = minus(seen, old).length;
    lines.push(
      gone + came === 0
        ? `${menu}: the order differs`
        : `${menu}: ${came} that were not there, ${gone} missing`,
    );
  }
  return lines;
}

function minus(a: readonly string[], b: readonly string[]): string[] {
  const rest = new Map<string, number>();
  for (const text of b) rest.set(text, (rest.get(text) ?? 0) + 1);
  return a.filter((text) => {
    const left = rest.get(text) ?? 0;
    if (left > 0) rest.set(text, left - 1);
    return left === 0;
  });
}
