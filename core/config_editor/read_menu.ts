import { type EditorItem, type EditorTable, HIDDEN } from "@/core/contract/editor/table.ts";
import { menuSchema } from "@/core/contract/editor/known_menus.ts";
import type { RouterVersion } from "@/core/contract/editor/router_version.ts";
import { isSecret, maskAttribute } from "@/core/configs/secrets.ts";
import { type LinkRow, readable } from "@/core/router_link/link.ts";
import { menuFacts } from "./menu_facts.ts";
import type { Ask } from "./router_reader.ts";

/** What is read of a menu at once; past it only what is static, or nothing. */
export const MOST_ITEMS = 2_000;
const DEADLINE_MS = 20_000;
/** Texts of one item are cut here, what is cut counts as hidden: nobody writes half a script back. */
const MOST_CHARS = 64_000;

/** Router-made rows by the thousand: a full table would cost the router seconds of its CPU. */
const LARGE = new Set([
  ...["/ip/route", "/ipv6/route", "/ip/firewall/address-list", "/ipv6/firewall/address-list"],
  ...["/ip/arp", "/ip/dhcp-server/lease", "/ipv6/neighbor", "/ppp/secret", "/queue/simple"],
  ...["/ip/dns/static", "/user-manager/user", "/ip/hotspot/user", "/ip/firewall/filter"],
  ...["/ip/firewall/nat", "/ip/firewall/mangle", "/ip/firewall/raw", "/queue/tree"],
]);

export interface ReadOptions {
  version: RouterVersion;
  isRevealed: boolean;
  now: number;
}

/** A menu as the router prints it, bounded, its secrets hidden unless told. */
export async function readMenu(
  ask: Ask,
  path: string,
  { version, isRevealed, now }: ReadOptions,
): Promise<EditorTable> {
  const facts = menuFacts(path, version);
  const schema = menuSchema(path);
  const { rows, total, note } = await readRows(ask, path);
  const isSingle = schema?.isSingle ?? facts?.isSingle ?? rows[0]?.[".id"] === undefined;
  return {
    menu: path,
    readAt: new Date(now).toISOString(),
    isSingle,
    items: rows.map((row) => itemOf(path, row, isSingle, isRevealed)),
    ...{ total, note, isRevealed },
    verbs: facts ? [...facts.verbs] : null,
    arguments: facts ? [...facts.arguments] : [],
  };
}

interface Rows {
  rows: readonly LinkRow[];
  total: number;
  note: string | null;
}

async function readRows(ask: Ask, path: string): Promise<Rows> {
  const print = `${path}/print`;
  const all = async (): Promise<Rows> => {
    const { rows } = await ask(print, { deadlineMs: DEADLINE_MS });
    if (rows.length <= MOST_ITEMS) return { rows, total: rows.length, note: null };
    const note = `These are the first ${MOST_ITEMS} of ${rows.length} items.`;
    return { rows: rows.slice(0, MOST_ITEMS), total: rows.length, note };
  };
  if (!LARGE.has(path)) return await all();
  const total = await count(ask, print, []);
  if (total <= MOST_ITEMS) return await all();
  // Not "dynamic=false": current versions leave the word out where it is false.
  const isStatic = ["dynamic=true", "#!"];
  const kept = await count(ask, print, isStatic);
  if (kept > MOST_ITEMS) {
    const note = `This menu holds ${total} items, ${kept} of them static: too many to show. ` +
      "Search the router's latest backup instead, or change it with a template.";
    return { rows: [], total, note };
  }
  const { rows } = await ask(print, { queries: isStatic, deadlineMs: DEADLINE_MS });
  const note = `Only the ${rows.length} static items are shown, of ${total}.`;
  return { rows, total, note };
}

async function count(ask: Ask, command: string, queries: string[]): Promise<number> {
  const { ret } = await ask(command, {
    flags: ["count-only"],
    queries,
    deadlineMs: DEADLINE_MS,
  });
  return Number(ret ?? 0);
}

/** One row, readable, its secrets hidden unless `isRevealed`. */
export function itemOf(
  menu: string,
  row: LinkRow,
  isSingle: boolean,
  isRevealed: boolean,
): EditorItem {
  const values: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, raw] of Object.entries(row)) {
    if (name === ".id" || name === ".nextid") continue;
    const text = readable(raw).replaceAll("\0", "\ufffd");
    const value = text.slice(0, MOST_CHARS);
    const shown = isRevealed ? value : maskAttribute(menu, { name, value }).value ?? "";
    values[name] = shown;
    if (shown !== text || (isSecret(menu, { name, value }) && !isRevealed)) secrets.push(name);
  }
  const id = row[".id"];
  return { id: isSingle || id === undefined ? null : id, values, secrets };
}

/** Whether a text still holds what hides a secret: written back it would destroy the secret. */
export function holdsMask(value: string): boolean {
  return value.includes(HIDDEN);
}
