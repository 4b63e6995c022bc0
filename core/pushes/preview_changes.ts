import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { PushedChange } from "@/core/contract/push_views.ts";
import { giveWay } from "@/core/give_way.ts";
import { isOrdered } from "@/core/configs/item_keys.ts";
import { maskAttribute, maskEntry } from "@/core/configs/secrets.ts";
import { labelOf } from "@/core/configs/semantic_diff.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import {
  type Applied,
  CannotApply,
  type ConfigItem,
  type ConfigModel,
  isSame,
} from "./config_model.ts";

/** Commands in a row before others of this process have a turn. */
const AT_A_TIME = 50;

export interface Previewed {
  readonly changes: PushedChange[];
  /** Commands that the router cannot carry out. */
  readonly problems: { command: number; message: string }[];
}

/** What `commands` do to the items of `model`, command by command, secrets hidden. `model` is changed. */
export async function previewChanges(
  model: ConfigModel,
  commands: readonly ConfigCommand[],
): Promise<Previewed> {
  const found: Previewed = { changes: [], problems: [] };
  for (const [command, one] of commands.entries()) {
    if (command % AT_A_TIME === AT_A_TIME - 1) await giveWay();
    try {
      const change = toChange(one, model.apply(one));
      if (change) found.changes.push({ ...change, command });
    } catch (error) {
      if (!(error instanceof CannotApply)) throw error;
      found.problems.push({ command, message: error.message });
    }
  }
  return found;
}

/** `undefined`: it changes nothing. */
function toChange(
  command: ConfigCommand,
  { before, after, from, to }: Applied,
): Omit<PushedChange, "command"> | undefined {
  const { menu, action } = command;
  const entries = [before, after].map((item) => item && entryOf(menu, item));
  const print = (entry: ExportEntry | null | undefined) =>
    entry ? printCommand(maskEntry(entry)) : null;
  const attributes = action === "set"
    ? Object.keys(command.attributes).sort()
      .filter((name) => !isSame(before?.[name], after?.[name]))
      .map((name) => ({
        name,
        from: masked(menu, name, before?.[name]),
        to: masked(menu, name, after?.[name]),
      }))
    : [];
  if (action === "set" && attributes.length === 0) return undefined;
  if (action === "move" && from === to) return undefined;
  const places = action === "move" || (isOrdered(menu) && action !== "set")
    ? { from, to }
    : { from: null, to: null };
  return {
    menu,
    kind: ({ add: "added", set: "changed", remove: "removed", move: "moved" } as const)[action],
    label: (labelOf(maskEntry((entries[1] ?? entries[0])!)) || menu).slice(0, 500),
    before: print(entries[0]),
    after: print(entries[1]),
    attributes,
    ...places,
  };
}

function masked(menu: string, name: string, value: string | undefined): string | null {
  return maskAttribute(menu, { name, value: value ?? null }).value;
}

/** What a router tells beside what is configured. */
const STATE = new Set([
  ...[".id", ".nextid", "bytes", "packets", "dynamic", "invalid", "running", "slave", "builtin"],
  ...["actual-interface", "actual-mtu", "default", "status", "active", "inactive", "hw", "rx-byte"],
  ...[
    "tx-byte",
    "rx-packet",
    "tx-packet",
    "rx-error",
    "tx-error",
    "rx-drop",
    "tx-drop",
    "fp-rx-byte",
  ],
  ...["fp-tx-byte", "fp-rx-packet", "fp-tx-packet", "tx-queue-drop", "link-downs", "expired"],
  ...["last-link-up-time", "last-link-down-time", "last-seen", "last-logged-in", "expires-after"],
  ...["total-bytes", "total-packets", "rate", "packet-rate", "queued-bytes", "queued-packets"],
  ...["dropped", "next-run", "run-count", "last-started", "creation-time", "role", "hw-offload"],
]);

function entryOf(menu: string, item: ConfigItem): ExportEntry {
  const attributes = Object.entries(item)
    .filter(([name, value]) => !STATE.has(name) && value !== "" && !isDefault(name, value))
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
  return { ...{ menu, command: "add", selector: null, attributes, remarks: [], line: 1 } };
}

const isDefault = (name: string, value: string) =>
  (name === "disabled" || name === "log") && isSame(value, "no");
