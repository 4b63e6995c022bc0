import type { BackupDeps } from "@/core/configs/back_up.ts";
import type { Impossible } from "@/core/config_plan/planner.ts";
import { planChanges } from "@/core/config_plan/plan_changes.ts";
import { areSecretsHidden } from "@/core/config_plan/wanted_changes.ts";
import { type ConfigCommand, MAX_COMMANDS } from "@/core/contract/config_commands.ts";
import type { RestoreChoice } from "@/core/contract/restores.ts";
import { InvalidInput } from "@/core/errors.ts";
import type { Scope } from "@/core/scope.ts";
import { chooseChanges } from "./choose_changes.ts";
import { type KeptVersion } from "./read_version.ts";
import { readSides } from "./sides.ts";

const MAX_SHOWN = 20;

/** What can be done with all changes and cannot with some of them: one needs another that was left out. */
function refuseHalves(cannot: readonly Impossible[], known: readonly Impossible[]): void {
  const told = new Set(known.map((one) => JSON.stringify(one)));
  const halves = cannot.filter((one) => !told.has(JSON.stringify(one)));
  if (halves.length === 0) return;
  throw new InvalidInput(
    "Cannot restore these without others that were left out",
    halves.slice(0, MAX_SHOWN).map(({ menu, label, why }) => ({
      path: "chosen",
      message: `${menu} ${label}: ${why}`,
    })),
  );
}

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
  const hasSecrets = !areSecretsHidden(version.entries);
  const { commands, cannot } = planChanges(from, wanted, { hasSecrets });
  if (chosen !== null) refuseHalves(cannot, planChanges(from, to, { hasSecrets }).cannot);
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
