import { diffExports, type ItemChange } from "@/core/configs/semantic_diff.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { CannotApply, ConfigModel } from "./model.ts";
import { normalise } from "./normalise.ts";

export interface Preview {
  readonly changes: ItemChange[];
  /** Commands that the configuration does not allow, from 0; they are left out. */
  readonly problems: { command: number; reason: string }[];
}

/** What an export of the router will differ in once the commands are carried out. */
export function previewChanges(
  entries: readonly ExportEntry[],
  commands: readonly ConfigCommand[],
): Preview {
  const model = new ConfigModel(entries);
  const problems: Preview["problems"] = [];
  for (const [at, command] of commands.entries()) {
    try {
      model.apply(command);
    } catch (error) {
      if (!(error instanceof CannotApply)) throw error;
      problems.push({ command: at, reason: error.message });
    }
  }
  return { changes: diffExports(normalise(entries), model.entries()), problems };
}
