import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { ConfigModel } from "./model.ts";
import { type Impossible, Planner } from "./planner.ts";
import { areSecretsHidden } from "./wanted_changes.ts";

export interface Plan {
  /** In the order they must be carried out. */
  readonly commands: ConfigCommand[];
  /** What stays as it is, and why. */
  readonly cannot: Impossible[];
}

const ROUNDS = 3;

/**
 * What turns a router that holds `from` into one that holds `to`: both what a compact export says. Names
 * come first, as references follow them; then what is new or other, what is referred to before what refers
 * to it; what goes is removed last. Dynamic items are in no export and so are never touched.
 */
export function planChanges(
  from: readonly ExportEntry[],
  to: readonly ExportEntry[],
  { hasSecrets = !areSecretsHidden(to) }: {
    /** Whether `to` holds secrets: if not, that it is silent about one does not mean there is none. */
    hasSecrets?: boolean;
  } = {},
): Plan {
  const [model, wanted] = [new ConfigModel(from), new ConfigModel(to)];
  const commands: ConfigCommand[] = [];
  let cannot: Impossible[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const planner = new Planner(model, wanted, hasSecrets);
    planner.run();
    commands.push(...planner.commands);
    cannot = planner.cannot;
    if (!planner.hasLoosened) break;
  }
  for (const { menu, command } of to) {
    if (command !== "add" && command !== "set") {
      cannot.push({ menu, label: command, why: "the wanted configuration is no export here" });
    }
  }
  return { commands, cannot };
}
