import { valueAt } from "./live.ts";
import type { RouterUser, SimRouter } from "./router.ts";
import { fromBytes } from "./text.ts";

/** A user as the router knows it now, with what its group may do. */
export interface Account extends RouterUser {
  readonly policies: ReadonlySet<string>;
  /** Networks it may come from; none: from anywhere. */
  readonly addresses: readonly string[];
}

export function accountOf(router: SimRouter, name: string): Account | undefined {
  const row = router.rows("/user").find((user) => user["name"] === name);
  if (!row || row["disabled"] === "true") return undefined;
  const now = router.now();
  const group = valueAt(row["group"] ?? "read", now);
  const password = row["$password"];
  return {
    name,
    group,
    password: fromBytes(password === undefined ? "" : valueAt(password, now)),
    policies: policiesOf(router, group),
    addresses: valueAt(row["address"] ?? "", now).split(",").filter(Boolean),
  };
}

export function policiesOf(router: SimRouter, group: string): ReadonlySet<string> {
  const row = router.rows("/user/group").find(({ name }) => name === group);
  const words = String(row?.["policy"] ?? "").split(",");
  return new Set(words.filter((word) => word !== "" && !word.startsWith("!")));
}

/** Every policy of a version. */
export function allPolicies(isSeven: boolean): string[] {
  const list = "local telnet ssh ftp reboot read write policy test winbox password web sniff " +
    "sensitive api romon";
  return [...list.split(" "), ...(isSeven ? ["rest-api"] : [])];
}
