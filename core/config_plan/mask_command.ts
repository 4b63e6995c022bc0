import { maskAttribute } from "@/core/configs/secrets.ts";
import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";

/** The command as those may see it who must not see secrets. */
export function maskCommand(command: ConfigCommand): ConfigCommand {
  const { menu } = command;
  const hide = <T extends string | null>(name: string, value: T): T =>
    maskAttribute(menu, { name, value }).value as T;
  const hideAll = <T extends string | null>(values: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, hide(name, value)]));
  const hideIn = (target: ItemTarget): ItemTarget =>
    target.by === "where" ? { ...target, where: hideAll(target.where) } : target;
  const hideBefore = (before: ItemTarget | null) => before && hideIn(before);
  switch (command.action) {
    case "add":
      return {
        ...command,
        attributes: hideAll(command.attributes),
        before: hideBefore(command.before),
      };
    case "set":
      return {
        ...command,
        target: hideIn(command.target),
        attributes: hideAll(command.attributes),
      };
    case "move":
      return { ...command, target: hideIn(command.target), before: hideBefore(command.before) };
    case "remove":
      return { ...command, target: hideIn(command.target) };
  }
}
