import { isOrdered } from "@/core/configs/item_keys.ts";
import { type AttributeChange, type ItemChange, labelOf } from "@/core/configs/semantic_diff.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { entryOf, type Item } from "./item.ts";
import { longestRun } from "./longest_run.ts";
import { CannotApply, ConfigModel } from "./model.ts";
import { isPlain } from "./normalise.ts";

export interface Preview {
  readonly changes: ItemChange[];
  /** Commands that the configuration does not allow, from 0; they are left out. */
  readonly problems: { command: number; reason: string }[];
}

/**
 * What an export of the router will differ in once the commands are carried out. An item stays the same
 * whatever becomes of it: one with a new name is changed, and so is what refers to it.
 */
export function previewChanges(
  entries: readonly ExportEntry[],
  commands: readonly ConfigCommand[],
): Preview {
  const model = new ConfigModel(entries);
  const before = new Map(
    model.menus().flatMap((menu) => model.items(menu).map((item, at) => [item, shot(item, at)])),
  );
  const problems: Preview["problems"] = [];
  for (const [at, command] of commands.entries()) {
    try {
      model.apply(command);
    } catch (error) {
      if (!(error instanceof CannotApply)) throw error;
      problems.push({ command: at, reason: sentence(error.message) });
    }
  }
  return { changes: model.menus().flatMap((menu) => differences(menu, model, before)), problems };
}

const sentence = (clause: string) => clause.charAt(0).toUpperCase() + clause.slice(1);

interface Shot {
  readonly entry: ExportEntry;
  readonly at: number;
}

const shot = (item: Item, at: number): Shot => ({ entry: entryOf(item, at), at });

function differences(
  menu: string,
  model: ConfigModel,
  before: ReadonlyMap<Item, Shot>,
): ItemChange[] {
  const items = model.items(menu);
  const stayed = items.filter((item) => before.has(item));
  const run = longestRun(stayed.map((item) => before.get(item)!.at));
  const inPlace = new Set([...run].map((at) => stayed[at]!));
  const changes = items.flatMap((item, to) => {
    const old = before.get(item);
    const now = isPlain(item) ? null : entryOf(item, to);
    const isMoved = isOrdered(menu) && old !== undefined && !inPlace.has(item);
    const change = changeOf(menu, old?.entry ?? null, now, isMoved);
    return change ? [isOrdered(menu) ? { ...change, from: old?.at ?? null, to } : change] : [];
  });
  const left = new Set(items);
  for (const [item, { entry, at }] of before) {
    if (item.menu !== menu || left.has(item)) continue;
    const gone = changeOf(menu, entry, null, false)!;
    changes.push(isOrdered(menu) ? { ...gone, from: at } : gone);
  }
  return changes;
}

/** `undefined`: nothing happened to it. */
function changeOf(
  menu: string,
  before: ExportEntry | null,
  after: ExportEntry | null,
  isMoved: boolean,
): ItemChange | undefined {
  if (!before && !after) return undefined;
  const attributes = before && after ? attributeChanges(before, after) : [];
  const kind = !before
    ? "added"
    : !after
    ? "removed"
    : attributes.length > 0
    ? "changed"
    : isMoved
    ? "moved"
    : undefined;
  if (!kind) return undefined;
  const label = labelOf((after ?? before)!);
  return { ...{ menu, kind, label, before, after, attributes }, from: null, to: null };
}

function attributeChanges(before: ExportEntry, after: ExportEntry): AttributeChange[] {
  const [old, now] = [before, after].map(({ attributes }) =>
    new Map(attributes.map(({ name, value }) => [name, value]))
  ) as [Map<string, string | null>, Map<string, string | null>];
  return [...new Set([...old.keys(), ...now.keys()])].sort()
    .map((name) => ({ name, from: old.get(name) ?? null, to: now.get(name) ?? null }))
    .filter(({ from, to }) => from !== to);
}
