import { maskAttribute } from "@/core/configs/secrets.ts";
import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import type { ChangeContent } from "./seal.ts";

/** The same with its secrets hidden. */
export function maskChange({ command, base, place }: ChangeContent): ChangeContent {
  const { menu } = command;
  return { command: maskCommand(command), base: base && maskValues(menu, base), place };
}

function maskCommand(command: ConfigCommand): ConfigCommand {
  const { menu } = command;
  switch (command.action) {
    case "add":
      return {
        ...command,
        attributes: maskValues(menu, command.attributes),
        before: command.before && maskTarget(menu, command.before),
      };
    case "set":
      return {
        ...command,
        target: maskTarget(menu, command.target),
        attributes: maskValues(menu, command.attributes),
      };
    case "remove":
      return { ...command, target: maskTarget(menu, command.target) };
    case "move":
      return {
        ...command,
        target: maskTarget(menu, command.target),
        before: command.before && maskTarget(menu, command.before),
      };
  }
}

function maskTarget(menu: string, target: ItemTarget): ItemTarget {
  return target.by === "where" ? { ...target, where: maskValues(menu, target.where) } : target;
}

export function maskValues<Value extends string | null>(
  menu: string,
  values: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      maskAttribute(menu, { name, value }).value as Value,
    ]),
  );
}

/** Where a text stands for a hidden secret, what is stored is meant. */
export function restoreSecrets(
  wanted: Readonly<Record<string, string | null>>,
  stored: Readonly<Record<string, string | null>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, value]) => {
      if (value !== HIDDEN) return [[name, value]];
      return name in stored ? [[name, stored[name]!]] : [];
    }),
  );
}
