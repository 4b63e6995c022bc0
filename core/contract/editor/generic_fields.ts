import type { Field, FieldType, MenuSchema } from "./field.ts";
import type { EditorArgument, EditorTable } from "./table.ts";

/** What a recorded hint says of an attribute; `undefined` where there is none. */
export function typeOfHint(hint: string | undefined): FieldType {
  if (hint === undefined) return { kind: "string" };
  if (hint === "time") return { kind: "duration", words: [] };
  if (hint === "mac") return { kind: "mac" };
  if (hint === "ip") return { kind: "address", forms: ["ip4", "ip6"] };
  const [, min, max] = /^(\d+)\.\.(\d+)$/.exec(hint) ?? [];
  if (min !== undefined) return { kind: "integer", min: Number(min), max: Number(max), words: [] };
  const isList = hint.endsWith(",");
  const options = hint.replace(/,$/, "").split("|");
  // Recorded from one version: another may know more.
  return { kind: "choice", options, isOpen: true, ...(isList && { isList }) };
}

const SCRIPT = /^(on-|.*-?script$|source$)/;
const SECRET = /(password|passphrase|secret|private-key|pre-?shared-key|psk)$/;

function guess({ name, hint }: EditorArgument): FieldType {
  if (hint !== undefined) return typeOfHint(hint);
  if (SECRET.test(name)) return { kind: "secret" };
  if (SCRIPT.test(name)) return { kind: "string", isLong: true, max: 60_000 };
  if (name === "disabled") return { kind: "boolean" };
  if (/(^|-)interface$/.test(name)) {
    return { kind: "reference", to: [{ menu: "/interface", attribute: "name" }], isOpen: true };
  }
  if (/(^|-)interface-list$/.test(name)) {
    return {
      kind: "reference",
      to: [{ menu: "/interface/list", attribute: "name" }],
      isOpen: true,
    };
  }
  return { kind: "string" };
}

/** Attributes that the form of a known menu leaves out, and all of a menu without a form. */
export function moreFields(menu: MenuSchema | undefined, table: EditorTable): Field[] {
  const known = new Set(menu?.fields.map(({ name }) => name));
  if (table.arguments.length > 0) {
    return table.arguments.filter(({ name }) => !known.has(name))
      .map((argument) => ({ name: argument.name, type: guess(argument), help: "" }));
  }
  if (menu) return [];
  // Nothing is recorded: whatever items say may be written, and the router tells what may not.
  const names = new Set(table.items.flatMap(({ values }) => Object.keys(values)));
  return [...names].filter((name) => !STATES.has(name))
    .map((name) => ({ name, type: guess({ name }), help: "" }));
}

/** What a router tells of an item beside its configuration. */
export const STATES: ReadonlySet<string> = new Set([
  ...["dynamic", "invalid", "running", "inactive", "active", "builtin", "default", "slave"],
  ...["bytes", "packets", "rx-byte", "tx-byte", "rx-packet", "tx-packet", "rx-drop", "tx-drop"],
  ...["rx-error", "tx-error", "fp-rx-byte", "fp-tx-byte", "fp-rx-packet", "fp-tx-packet"],
  ...["tx-queue-drop", "link-downs", "last-link-up-time", "last-link-down-time", "actual-mtu"],
]);

const FIRST = ["name", "address", "list", "chain", "action", "interface", "comment"];
const MOST_COLUMNS = 8;

/** What the table shows: of a known menu what its schema names, of others what most items have. */
export function tableColumns(
  menu: MenuSchema | undefined,
  rows: readonly { readonly values: Readonly<Record<string, string>> }[],
): string[] {
  const has = new Map<string, number>();
  for (const { values } of rows) {
    for (const [name, value] of Object.entries(values)) {
      if (value !== "") has.set(name, (has.get(name) ?? 0) + 1);
    }
  }
  if (menu) {
    return menu.columns.filter((name, at) =>
      (at < 2 || has.has(name)) &&
      (has.has(name) || menu.fields.some((field) => field.name === name))
    );
  }
  const rank = (name: string) => {
    const at = FIRST.indexOf(name);
    return at < 0 ? FIRST.length : at;
  };
  return [...has].filter(([name]) => !STATES.has(name) && name !== "disabled")
    .sort(([a, inA], [b, inB]) => rank(a) - rank(b) || inB - inA || (a < b ? -1 : 1))
    .slice(0, MOST_COLUMNS).map(([name]) => name);
}
