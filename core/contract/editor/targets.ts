import type { ItemTarget } from "../config_commands.ts";
import { isSameValue } from "./same_value.ts";

interface Item {
  readonly id: string | null;
  readonly values: Readonly<Record<string, string>>;
}

/** The item that a command is about; `undefined`: there is none, or more than one. */
export function findTarget<One extends Item>(
  items: readonly One[],
  target: ItemTarget,
): One | undefined {
  switch (target.by) {
    case "menu":
      return items[0];
    case "id":
      return items.find(({ id }) => id === target.id);
    case "where": {
      const fitting = items.filter(({ values }) =>
        values["dynamic"] !== "true" &&
        Object.entries(target.where).every(([name, value]) => isSameValue(values[name], value))
      );
      const { nth } = target as { nth?: number };
      return nth !== undefined ? fitting[nth] : fitting.length === 1 ? fitting[0] : undefined;
    }
  }
}

export function targetOf({ id }: Item): ItemTarget {
  return id === null ? { by: "menu" } : { by: "id", id };
}

export function isSameTarget(a: ItemTarget, b: ItemTarget): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
