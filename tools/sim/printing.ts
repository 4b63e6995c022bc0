import { type Row, valueAt } from "./live.ts";
import type { Menu } from "./menu.ts";
import { matches } from "./query.ts";
import type { Request } from "./request.ts";
import type { SimRouter } from "./router.ts";
import { unknownParameter } from "./trap.ts";
import type { Version } from "./version.ts";

/** What print takes everywhere. */
export const FLAGS: ReadonlySet<string> = new Set(
  ("append as-value brief count-only detail file follow follow-only from interval oid proplist " +
    ".proplist show-ids stats stats-detail terse value-list where without-paging once").split(" "),
);

/** Print arguments that came and went. */
function isPrintFlag(name: string, menu: Menu, version: Version): boolean {
  if (FLAGS.has(name) || menu.printFlags?.includes(name)) return true;
  switch (name) {
    case "follow-strict":
      return !version.atLeast("7.16");
    case "group-by":
      return version.atLeast("7.17");
    case "order-by":
    case "on-event":
    case "timestamp":
    case "comments":
      return version.atLeast("7.24");
  }
  return false;
}

/** @throws {Trap} on an argument this version's print does not know */
export function checkPrint(menu: Menu, request: Request, version: Version): void {
  for (const name of request.attributes.keys()) {
    if (!isPrintFlag(name, menu, version)) throw unknownParameter(name);
  }
}

/** Rows of a print: those the queries let through, with the properties asked for. */
export function selectRows(router: SimRouter, menu: Menu, request: Request): Row[] {
  const { attributes, queries } = request;
  let rows = router.rows(menu.path);
  // A view is worked out from the menu it shows, whatever was written there.
  if (menu.viewOf) rows = menu.rows(router);
  const now = router.now();
  if (queries.length > 0) {
    rows = rows.filter((row) =>
      matches(queries, (name) => {
        const value = row[name];
        return value === undefined ? undefined : valueAt(value, now);
      })
    );
  }
  const list = attributes.get(".proplist") ?? attributes.get("proplist");
  const names = list ? list.split(",") : undefined;
  if (names && isTouchy(router, menu)) {
    rows = rows.filter((row) => names.every((name) => row[name] !== undefined));
  }
  const hasStats = attributes.has("stats") || attributes.has("stats-detail");
  return rows.map((row) => project(row, menu, names, hasStats));
}

/** Builds of 7 before 7.20 lose rows whose proplist names a property the row lacks. */
function isTouchy(router: SimRouter, menu: Menu): boolean {
  return menu.path.endsWith("/registration-table") && router.version.major === 7 &&
    !router.version.atLeast("7.20");
}

function project(row: Row, menu: Menu, names: readonly string[] | undefined, hasStats: boolean) {
  if (names) {
    const picked: Row = {};
    for (const name of names) {
      const value = name.startsWith("$") ? undefined : row[name];
      if (value !== undefined) picked[name] = value;
    }
    return picked;
  }
  if (!menu.statsOnly || hasStats) return row;
  const rest: Row = {};
  for (const name in row) if (!menu.statsOnly.includes(name)) rest[name] = row[name]!;
  return rest;
}
