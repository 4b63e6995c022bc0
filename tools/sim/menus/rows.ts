import type { Row } from "../live.ts";

/** What every interface shows first, and last. */
export const HEAD = [".id", "name", "mtu", "actual-mtu", "l2mtu", "mac-address"];
export const TAIL = ["running", "slave", "disabled", "comment"];

export function picked(row: Row, names: readonly string[]): Row {
  const some: Row = {};
  for (const name of names) if (row[name] !== undefined) some[name] = row[name]!;
  return some;
}

/** What a row keeps for its own menu alone, without the mark that hides it from the others. */
export function own(row: Row, defaults: Readonly<Record<string, string>> = {}): Row {
  const some: Row = { ...defaults };
  for (const name of HEAD) delete some[name];
  delete some["disabled"];
  for (const name in row) if (name.startsWith("$")) some[name.slice(1)] = row[name]!;
  return some;
}
