import type { EditorArgument, EditorMenu } from "@/core/contract/editor/table.ts";
import { isWithin, type RouterVersion } from "@/core/contract/editor/router_version.ts";
import { MENU_FACTS } from "./menu_facts_data.ts";

/** What can be done in a menu, and with which attributes. */
export interface MenuFacts {
  readonly path: string;
  readonly isSingle: boolean;
  /** Without those that every menu has. */
  readonly verbs: readonly string[];
  readonly arguments: readonly EditorArgument[];
}

interface Versioned {
  readonly since?: string;
  readonly until?: string;
}
interface MenuLine extends Versioned {
  readonly path: string;
  readonly verbs: readonly string[];
  /** Parsed only when somebody looks at the menu. */
  readonly rest: string;
}

const VERBS: Readonly<Record<string, string>> = {
  ...{ a: "add", s: "set", r: "remove", m: "move", u: "unset", e: "enable" },
};

let menus: Map<string, MenuLine> | undefined;

/** Parsed at the first use: a process that never serves the editor pays nothing. */
function lines(): Map<string, MenuLine> {
  menus ??= new Map(
    MENU_FACTS.trim().split("\n").map((line) => {
      const [path, verbs, span, ...rest] = line.split(" ");
      const known = [...verbs!].map((letter) => VERBS[letter]!);
      return [path!, { path: path!, verbs: known, rest: rest.join(" "), ...spanOf(span!) }];
    }),
  );
  return menus;
}

/** `-`: always; `7.16-`: since; `-7.16`: before; `7.13-7.16`: between. */
function spanOf(text: string): Versioned {
  const [since, until] = text.split("-");
  return { ...(since && { since }), ...(until && { until }) };
}

/** Menus that this version has as far as is known: recorded are versions from 7.10 on. */
export function menusOf(version: RouterVersion): EditorMenu[] {
  return [...lines().values()]
    .filter((menu) => isKnown(menu, version))
    .map(({ path, verbs }) => ({ path, isSingle: !verbs.includes("add") && isSingle(path) }));
}

/** `undefined`: RouterOS has it, or not, but nobody recorded it. */
export function menuFacts(path: string, version: RouterVersion): MenuFacts | undefined {
  const menu = lines().get(path);
  if (!menu || !isKnown(menu, version)) return undefined;
  const { verbs, rest } = menu;
  return { path, verbs, isSingle: isSingle(path), arguments: argumentsIn(rest, version) };
}

const isSingle = (path: string) => lines().get(path)?.rest.startsWith("1") ?? false;

/** Nobody recorded version 6: what it has in common with 7 is shown, and it refuses the rest. */
const isKnown = (span: Versioned, version: RouterVersion) =>
  version.major < 7 ? span.since === undefined : isWithin(version, span);

/** `1 name name=hint name@7.16- name=hint@-7.20` */
function argumentsIn(text: string, version: RouterVersion): EditorArgument[] {
  return text.split(" ").slice(1).flatMap((word) => {
    const [, name, hint, span] = /^([^=@]+)(?:=([^@]+))?(?:@(.+))?$/.exec(word) ?? [];
    if (name === undefined || (span !== undefined && !isKnown(spanOf(span), version))) return [];
    return [{ name, ...(hint !== undefined && { hint }) }];
  });
}
