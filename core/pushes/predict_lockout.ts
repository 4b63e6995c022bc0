import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { LockoutRisk } from "@/core/contract/pushes.ts";
import { giveWay } from "@/core/give_way.ts";
import { CannotApply, type ConfigModel } from "./config_model.ts";
import { firewall } from "./lockout/firewall.ts";
import { links } from "./lockout/links.ts";
import type { Check, Management, Obstacle } from "./lockout/management.ts";
import { others } from "./lockout/others.ts";
import { routes } from "./lockout/routes.ts";
import { services } from "./lockout/services.ts";
import { users } from "./lockout/users.ts";

const checks = (): Check[] => [services, users, links, routes, firewall(), others];
/** Commands in a row before others of this process have a turn. */
const AT_A_TIME = 25;
const MAX_RISKS = 50;

/**
 * What in `commands` cuts us off from a router, or may: its state is carried from command to command,
 * and after each the way from us to it is walked again. What was in the way before is no news. Unknown
 * settings make a risk possible, not certain; that there is no risk is no promise.
 *
 * @param base as the router is now; it is not changed
 */
export async function predictLockout(
  base: ConfigModel,
  us: Management,
  commands: readonly ConfigCommand[],
): Promise<LockoutRisk[]> {
  const model = base.clone();
  const situation = { model, base, us };
  const all = checks();
  const seen = all.map((check) => byKey(check.look(situation)));
  const found: (LockoutRisk & { key: string; isMended: boolean })[] = [];
  for (const [index, command] of commands.entries()) {
    if (index % AT_A_TIME === AT_A_TIME - 1) await giveWay();
    try {
      model.apply(command);
    } catch (error) {
      if (error instanceof CannotApply) continue;
      throw error;
    }
    for (const [at, check] of all.entries()) {
      if (!check.watches(command.menu)) continue;
      const before = seen[at]!;
      const now = seen[at] = byKey(check.look(situation));
      for (const { key, severity, reason } of now.values()) {
        const old = before.get(key);
        if (old && (old.severity === severity || severity === "possible")) continue;
        found.push({ key, severity, command: index, reason, isMended: false });
      }
      for (const risk of found) {
        if (risk.isMended || !before.has(risk.key) || now.has(risk.key)) continue;
        risk.isMended = true;
        risk.severity = "possible";
        risk.reason += ` Command ${index + 1} mends it, if it still gets there.`;
      }
    }
  }
  return found.toSorted((a, b) => rank(a) - rank(b) || a.command - b.command)
    .slice(0, MAX_RISKS)
    .map(({ severity, command, reason }) => ({ severity, command, reason }));
}

const rank = ({ severity }: LockoutRisk) => severity === "certain" ? 0 : 1;

function byKey(obstacles: readonly Obstacle[]): Map<string, Obstacle> {
  return new Map(obstacles.map((obstacle) => [obstacle.key, obstacle]));
}
