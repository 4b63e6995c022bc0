import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { fieldOf } from "@/core/contract/editor/field.ts";
import { menuSchema } from "@/core/contract/editor/known_menus.ts";
import { isSameValue } from "@/core/contract/editor/same_value.ts";
import { isSameTarget } from "@/core/contract/editor/targets.ts";
import { Conflict } from "@/core/errors.ts";
import type { ChangeContent } from "./seal.ts";

export interface StoredChange extends ChangeContent {
  readonly id: string;
}

/** What a new change does to those that wait already. */
export interface Merge {
  /** They are taken back. */
  readonly drop: readonly string[];
  /** Written in its place, or behind all others where `id` is absent; `undefined`: nothing is left. */
  readonly write: (ChangeContent & { readonly id?: string }) | undefined;
}

/**
 * Puts one more change to those of the same router and menu: an item has at most one `set`, one `move`
 * or one `remove`, so that undoing one undoes what people see.
 *
 * @throws {Conflict} where it contradicts one that waits
 */
export function mergeChange(waiting: readonly StoredChange[], next: ChangeContent): Merge {
  const { command } = next;
  const about = (target: ItemTarget) =>
    waiting.filter(({ command: other }) =>
      other.action !== "add" && isSameTarget(other.target, target)
    );
  const isGoing = (target: ItemTarget) =>
    about(target).some(({ command: other }) => other.action === "remove");
  if ((command.action === "add" || command.action === "move") && command.before) {
    if (isGoing(command.before)) {
      throw new Conflict("Cannot place it before an item that is to be removed");
    }
  }
  if (command.action === "add") return { drop: [], write: next };
  const same = about(command.target);
  if (command.action === "remove") {
    const gone = same.find(({ command: other }) => other.action === "remove");
    if (gone) return { drop: [], write: { ...gone } };
    return { drop: same.map(({ id }) => id), write: next };
  }
  if (isGoing(command.target)) {
    throw new Conflict("Cannot change this item as it is to be removed: undo that first");
  }
  const earlier = same.find(({ command: other }) => other.action === command.action);
  if (command.action === "move") {
    // Behind all others: it counts where the item goes last.
    return { drop: earlier ? [earlier.id] : [], write: next };
  }
  const base = earlier?.base ?? next.base;
  const attributes = differing(command.menu, {
    ...(earlier?.command.action === "set" && earlier.command.attributes),
    ...command.attributes,
  }, base);
  if (Object.keys(attributes).length === 0) {
    return { drop: earlier ? [earlier.id] : [], write: undefined };
  }
  const write = { command: { ...command, attributes }, base };
  return { drop: [], write: earlier ? { ...write, id: earlier.id } : write };
}

/** Without what the item says already. */
function differing(
  menu: string,
  attributes: Readonly<Record<string, string | null>>,
  base: Readonly<Record<string, string>> | null,
): Record<string, string | null> {
  const schema = menuSchema(menu);
  return Object.fromEntries(
    Object.entries(attributes).filter(([name, value]) =>
      base === null || !isSameValue(base[name], value, fieldOf(schema, name)?.type)
    ),
  );
}

/** Attributes of a command, whatever it does. */
export function attributesOf(command: ConfigCommand): Readonly<Record<string, string | null>> {
  return "attributes" in command ? command.attributes : {};
}
