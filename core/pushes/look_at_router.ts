import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { LockoutRisk, PushTier } from "@/core/contract/pushes.ts";
import { deviceName } from "@/core/configs/tell_device.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { NotFound } from "@/core/errors.ts";
import { foreseeTier } from "@/core/push/foresee_tier.ts";
import { CannotPlan } from "@/core/push/resolve.ts";
import type { RouterConnection } from "@/core/router_link/link.ts";
import type { Scope } from "@/core/scope.ts";
import type { ConfigModel } from "./config_model.ts";
import { linkOf, type PushesDeps } from "./deps.ts";
import { predictLockout } from "./predict_lockout.ts";
import { previewChanges, type Previewed } from "./preview_changes.ts";
import { type KnownWay, readRouter } from "./read_router.ts";

export interface Look extends Previewed {
  readonly deviceName: string;
  readonly identity: string;
  readonly version: string;
  readonly tier: PushTier;
  readonly tierReason: string;
  readonly risks: LockoutRisk[];
}

/**
 * Asks a router what `commands` would find and do there. Nothing is changed.
 *
 * @throws {LinkFailed} if it cannot be asked
 * @throws {NotFound} also for another tenant's device
 */
export async function lookAtRouter(
  scope: Scope,
  deps: PushesDeps,
  deviceId: string,
  commands: readonly ConfigCommand[],
): Promise<Look> {
  await demandDevice(scope, deviceId);
  const { name, way } = await readWay(scope, deviceId);
  const connection = await linkOf(deps).open({ tenantId: scope.tenantId, deviceId });
  try {
    const { model, us, version, identity, unread } = await readRouter(connection, way, commands);
    const unreadable = commands.flatMap(({ menu }, command) => {
      const message = unread.get(menu);
      return message === undefined ? [] : [{ command, message: `${menu}: ${message}` }];
    });
    const risks = await predictLockout(model, us, commands);
    const { changes, problems } = await previewed(model, commands, unread);
    const troubles = [...unreadable, ...problems].sort((a, b) => a.command - b.command);
    const { tier, reason, problem } = await foresee(connection, commands, deps.clock.now());
    if (problem !== undefined && troubles.length === 0) {
      troubles.push({ command: 0, message: problem });
    }
    return {
      ...{ deviceName: name, identity, version, tier, tierReason: reason, changes, risks },
      problems: troubles,
    };
  } finally {
    await connection.close();
  }
}

/** A change that does not fit the router has no protection to speak of, as it will not be made. */
async function foresee(
  connection: RouterConnection,
  commands: readonly ConfigCommand[],
  now: number,
): Promise<{ tier: PushTier; reason: string; problem?: string }> {
  try {
    return await foreseeTier(connection, commands, { now });
  } catch (error) {
    if (!(error instanceof CannotPlan)) throw error;
    const reason = "It does not fit the router.";
    return { tier: "unprotected", reason, problem: error.message };
  }
}

async function previewed(
  model: ConfigModel,
  commands: readonly ConfigCommand[],
  unread: ReadonlyMap<string, string>,
): Promise<Previewed> {
  const { changes, problems } = await previewChanges(model, commands);
  // Those of menus that could not be read are told by the router's own words.
  return {
    changes,
    problems: problems.filter(({ command }) => !unread.has(commands[command]!.menu)),
  };
}

async function readWay(scope: Scope, deviceId: string): Promise<{ name: string; way: KnownWay }> {
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [row] = await sql<(KnownWay & { mode: string })[]>`
      select address, port, tls_mode <> 'plain' as tls from devices where id = ${deviceId}`;
    const name = await deviceName(sql, deviceId);
    if (!row || name === undefined) throw new NotFound("Cannot find this device");
    const { address, port, tls } = row;
    return { name, way: { address, port, tls } };
  });
}
