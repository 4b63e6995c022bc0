import type { BackupDeps } from "@/core/configs/back_up.ts";
import { planChanges } from "@/core/config_plan/plan_changes.ts";
import { areSecretsHidden } from "@/core/config_plan/wanted_changes.ts";
import { type ConfigCommand, MAX_COMMANDS } from "@/core/contract/config_commands.ts";
import type { RestoreChoice } from "@/core/contract/restores.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Scope } from "@/core/scope.ts";
import { chooseChanges } from "./choose_changes.ts";
import { type KeptVersion } from "./read_version.ts";
import { readSides } from "./sides.ts";

export interface RestoreCommands {
  /** In clear: they never leave the server. */
  readonly commands: ConfigCommand[];
  readonly version: KeptVersion;
}

/** @throws {InvalidInput} if nothing is left to do, or too much at once */
export async function restoreCommands(
  scope: Scope,
  deps: BackupDeps,
  deviceId: string,
  choice: RestoreChoice,
): Promise<RestoreCommands> {
  const { from, to, changes, version } = await readSides(scope, deps, deviceId, choice);
  const { chosen } = choice;
  const some = new Set(
    chosen?.map((at) => {
      const change = changes[at];
      if (!change) {
        throw new InvalidInput("Cannot restore this", [{
          path: "chosen",
          message: `has no change ${at}: the plan has ${changes.length}`,
        }]);
      }
      return change;
    }),
  );
  const wanted = chosen === null ? to : chooseChanges(from, to, changes, some);
  // A choice leaves most as it is: that it is silent about a secret means what the whole version means.
  const { commands } = planChanges(from, wanted, {
    hasSecrets: !areSecretsHidden(version.entries),
  });
  if (commands.length === 0) {
    throw new InvalidInput("Cannot restore this as nothing of it can be changed", [{
      path: "chosen",
      message: "comes to no command",
    }]);
  }
  if (commands.length > MAX_COMMANDS) {
    throw new InvalidInput("Cannot restore so much in one go", [{
      path: "chosen",
      message:
        `comes to ${commands.length} commands, and ${MAX_COMMANDS} are the most: choose menus`,
    }]);
  }
  return { commands, version };
}
