import type { PendingRow } from "../pending_rows.ts";
import { readInternet } from "./internet.ts";
import { readLan } from "./lan.ts";
import { isEnabled, type SimpleChange, SimpleTables } from "./simple_tables.ts";

export const FIREWALL_CHECK_MENUS = [
  ...["/ip/firewall/filter", "/ip/firewall/nat", "/interface/list", "/interface/list/member"],
];
const FILTER = "/ip/firewall/filter";

type Values = Readonly<Record<string, string>>;

interface Default {
  readonly id: string;
  readonly title: string;
  /** What goes wrong without it. */
  readonly why: string;
  readonly rule: Values;
  /** In front of the others of its chain, or behind them. */
  readonly place: "first" | "last";
  fits(values: Values): boolean;
}

const states = (values: Values, ...wanted: string[]) => {
  const given = (values["connection-state"] ?? "").split(",");
  return wanted.every((state) => given.includes(state));
};

/** What a router at the border of a network should say, in this order. */
const DEFAULTS: readonly Default[] = [
  {
    ...{ id: "input-established", place: "first", title: "Answers to the router come in" },
    why: "Without it the rules below cut off what the router itself asked for.",
    rule: {
      ...{ chain: "input", action: "accept", "connection-state": "established,related,untracked" },
      comment: "answers to the router",
    },
    fits: (v) =>
      v["chain"] === "input" && v["action"] === "accept" &&
      states(v, "established"),
  },
  {
    ...{ id: "input-invalid", place: "first", title: "Broken packets to the router are dropped" },
    why: "They belong to no connection and only probe.",
    rule: {
      ...{ chain: "input", action: "drop", "connection-state": "invalid" },
      comment: "broken packets to the router",
    },
    fits: (v) =>
      v["chain"] === "input" && v["action"] === "drop" &&
      states(v, "invalid"),
  },
  {
    ...{ id: "input-border", place: "last", title: "Only the own network reaches the router" },
    why: "Without it anybody on the Internet can try to sign in.",
    rule: {
      ...{ chain: "input", action: "drop", "in-interface-list": "!LAN" },
      comment: "all else that is not from the own network",
    },
    fits: (v) =>
      v["chain"] === "input" && v["action"] === "drop" &&
      ((v["in-interface-list"] ?? "") !== "" || (v["in-interface"] ?? "") !== "" ||
        isCatchAll(v)),
  },
  {
    ...{ id: "forward-established", place: "first", title: "Answers to clients come back" },
    why: "Without it the rules below cut off what clients asked for.",
    rule: {
      ...{ chain: "forward", action: "accept" },
      "connection-state": "established,related,untracked",
      comment: "answers to clients",
    },
    fits: (v) =>
      v["chain"] === "forward" && v["action"] === "accept" &&
      states(v, "established"),
  },
  {
    ...{ id: "forward-border", place: "last", title: "Nobody comes in who was not forwarded" },
    why: "Without it the Internet reaches clients whose addresses it can guess.",
    rule: {
      ...{ chain: "forward", action: "drop", "connection-state": "new" },
      "connection-nat-state": "!dstnat",
      "in-interface-list": "WAN",
      comment: "not asked for, not forwarded",
    },
    fits: (v) =>
      v["chain"] === "forward" && v["action"] === "drop" &&
      ((v["connection-nat-state"] ?? "") === "!dstnat" || isCatchAll(v)),
  },
];

const MATCHERS = /^(src|dst|in|out)-|^(protocol|connection-|port|content|layer7|packet|ttl)/;
/** A rule that everything fits. */
function isCatchAll(values: Values): boolean {
  return Object.entries(values).every(([name, value]) => value === "" || !MATCHERS.test(name));
}

export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly isThere: boolean;
}

/** Which of the usual rules a firewall has. It tells what is missing, not that all is well. */
export function checkFirewall(tables: SimpleTables): Finding[] {
  const rules = tables.rows(FILTER).filter(isEnabled);
  return DEFAULTS.map(({ id, title, why, fits }) => ({
    ...{ id, title, why },
    isThere: rules.some(({ values }) => fits(values)),
  }));
}

/** The rules that are missing, with the interface lists that they name. */
export function firewallChanges(tables: SimpleTables): SimpleChange[] {
  const missing = new Set(
    checkFirewall(tables).filter(({ isThere }) => !isThere).map(({ id }) => id),
  );
  const rules = DEFAULTS.filter(({ id }) => missing.has(id));
  const lists = ["LAN", "WAN"].filter((list) =>
    rules.some(({ rule }) => (rule["in-interface-list"] ?? "").replace("!", "") === list)
  );
  return [
    ...lists.flatMap((list) => listChanges(tables, list)),
    ...rules.map(({ rule, place }) =>
      tables.add(FILTER, rule, place === "first" ? firstOf(tables, rule["chain"]!) : null)
    ),
  ];
}

/** The first rule of a chain, to stand before. */
function firstOf(tables: SimpleTables, chain: string) {
  const first = tables.rows(FILTER).find((row): row is PendingRow & { item: { id: string } } =>
    row.values["chain"] === chain && row.item?.id != null
  );
  return first ? { by: "id" as const, id: first.item.id } : null;
}

function listChanges(tables: SimpleTables, list: string): SimpleChange[] {
  const has = tables.rows("/interface/list").some(({ values }) => values["name"] === list);
  const members = tables.rows("/interface/list/member")
    .filter(({ values }) => values["list"] === list);
  const member = list === "LAN" ? readLan(tables).interface : readInternet(tables).interface;
  return [
    ...(has ? [] : [tables.add("/interface/list", { name: list })]),
    ...(members.length > 0 || member === ""
      ? []
      : [tables.add("/interface/list/member", { list, interface: member })]),
  ];
}
