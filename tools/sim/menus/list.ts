import type { Row } from "../live.ts";
import type { Menu } from "../menu.ts";
import type { SimRouter } from "../router.ts";

export const VERBS = ["set", "add", "remove", "enable", "disable", "comment", "unset"];

type Seed = Row[] | ((router: SimRouter) => Row[]);

/** Items that begin at `*1`, with what every item of the menu has. */
export function seeded(rows: Row[], defaults: Readonly<Record<string, string>> = {}): Row[] {
  return rows.map((row, i) => ({
    ".id": `*${(i + 1).toString(16).toUpperCase()}`,
    ...defaults,
    disabled: "false",
    dynamic: "false",
    ...row,
  }));
}

/** A menu that is a list of items and nothing more. */
export function list(
  path: string,
  defaults: Readonly<Record<string, string>> = {},
  rest: Partial<Omit<Menu, "rows">> & { seed?: Seed } = {},
): Menu {
  const { seed, ...menu } = rest;
  return {
    path,
    verbs: VERBS,
    defaults,
    rows: (router) =>
      seeded(
        typeof seed === "function" ? seed(router) : seed?.map((row) => ({ ...row })) ?? [],
        defaults,
      ),
    ...menu,
  };
}

/** A menu that is one set of settings. */
export function settings(
  path: string,
  defaults: Readonly<Record<string, string>>,
  rest: Partial<Omit<Menu, "rows">> & { seed?: (router: SimRouter) => Row } = {},
): Menu {
  const { seed, ...menu } = rest;
  return {
    path,
    isSingle: true,
    verbs: ["set"],
    defaults,
    rows: (router) => [{ ...defaults, ...seed?.(router) }],
    ...menu,
  };
}
