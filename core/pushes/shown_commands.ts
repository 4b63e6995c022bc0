import type { ConfigCommand, ItemTarget } from "@/core/contract/config_commands.ts";
import { maskAttribute } from "@/core/configs/secrets.ts";

/** The commands as they are, for whoever wants to push them again; `null` where secrets stand in them. */
export function shownCommands(commands: readonly ConfigCommand[]): ConfigCommand[] | null {
  return commands.some(holdsSecret) ? null : [...commands];
}

function holdsSecret(command: ConfigCommand): boolean {
  const values = [
    ...("attributes" in command ? [command.attributes] : []),
    ...("target" in command ? [whereOf(command.target)] : []),
    ...("before" in command && command.before ? [whereOf(command.before)] : []),
  ];
  return values.flatMap((of) => Object.entries(of)).some(([name, value]) =>
    maskAttribute(command.menu, { name, value }).value !== value
  );
}

const whereOf = (target: ItemTarget) => target.by === "where" ? target.where : {};
