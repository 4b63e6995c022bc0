import { openSealed, readSealed } from "@/core/config_checks/read_configs.ts";
import { ConfigView } from "@/core/config_view/config_view.ts";
import type { RuleBody } from "@/core/contract/compliance_rules.ts";
import type { RuleTrial } from "@/core/contract/compliance.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { Conflict } from "@/core/errors.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { evaluateRule } from "./evaluate.ts";
import { evidenceOf } from "./evidence.ts";
import { fixCommands } from "./fix.ts";
import { findRule } from "./rules.ts";

interface Deps {
  kms: Kms;
}

/** What a rule would say of a router, without keeping anything: for whoever writes one. */
export async function tryRule(
  scope: Scope,
  deps: Deps,
  deviceId: string,
  body: RuleBody,
): Promise<RuleTrial> {
  demand(scope, "compliance:write");
  const { result, findings } = evaluateRule(body, await viewOf(scope, deps, deviceId));
  return { result, evidence: evidenceOf(findings) };
}

/**
 * The commands that make a router hold a rule, from its configuration as it was kept last.
 *
 * @throws {Conflict} where the rule holds, or knows no way
 */
export async function ruleFix(
  scope: Scope,
  deps: Deps,
  deviceId: string,
  ruleId: string,
): Promise<ConfigCommand[]> {
  demand(scope, "configs:push");
  const view = await viewOf(scope, deps, deviceId);
  const { fix, body } = await scope.db.tenant(scope.tenantId, (sql) => findRule(sql, ruleId));
  const { result, findings } = evaluateRule(body, view);
  if (result !== "fail") {
    throw new Conflict(
      "The kept configuration of the router holds this rule: nothing is to be done",
    );
  }
  const commands = fixCommands(fix, findings, view);
  if (commands.length === 0) {
    throw new Conflict("This rule has no commands that set it right here: see its help");
  }
  return commands;
}

async function viewOf(scope: Scope, { kms }: Deps, deviceId: string): Promise<ConfigView> {
  await demandDevice(scope, deviceId);
  const [sealed] = await scope.db.tenant(scope.tenantId, (sql) => readSealed(sql, [deviceId]));
  const config = sealed && await openSealed(kms, scope.tenantId, sealed);
  if (!config) {
    throw new Conflict("There is no backup of this router's configuration yet: back it up first");
  }
  return new ConfigView(config, { version: sealed.routerosVersion, menus: sealed.facts ?? {} });
}
