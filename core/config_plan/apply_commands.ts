import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { ConfigModel } from "./model.ts";

/**
 * What the router would export after the commands. Entries are as {@linkcode normalise} makes them.
 *
 * @throws {CannotApply}
 */
export function applyCommands(
  entries: readonly ExportEntry[],
  commands: readonly ConfigCommand[],
): ExportEntry[] {
  const model = new ConfigModel(entries);
  for (const command of commands) model.apply(command);
  return model.entries();
}
