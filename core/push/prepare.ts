import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import type { PushTier } from "@/core/contract/pushes.ts";
import { LinkFailed, type RouterConnection } from "@/core/router_link/link.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { arm, CannotArm, sweep } from "./arm.ts";
import { randomPassword, saveBackup } from "./backup_file.ts";
import { type Choice, choices, jobsForbidden } from "./choose_net.ts";
import { type Inverse, inverseOf } from "./inverse.ts";
import { readMenu } from "./menu_rows.ts";
import type { PushRun } from "./push_run.ts";
import type { MenuRows, ResolvedCommand } from "./record.ts";
import { CannotPlan, resolveCommands, touchedMenus } from "./resolve.ts";
import { readFacts, type RouterFacts } from "./router_facts.ts";

const SWEEPS = 6;

export interface Preparation {
  readonly facts: RouterFacts;
  readonly menus: readonly MenuRows[];
  readonly commands: readonly ResolvedCommand[];
  readonly inverse: Inverse;
  readonly choices: readonly Choice[];
}

/**
 * Reads all there is to know before anything is written.
 *
 * @throws {CannotPlan} when the change does not fit, or the router is not free
 * @throws {LinkFailed}
 */
export async function lookAhead(
  connection: RouterConnection,
  about: {
    readonly token: string;
    readonly commands: readonly ConfigCommand[];
    readonly exportText: string | undefined;
    readonly now: number;
    readonly tiers?: readonly PushTier[] | undefined;
  },
): Promise<Preparation> {
  const facts = await readFacts(connection, about.token, about.now);
  if (facts.others.length > 0) {
    throw new CannotPlan("Another push is under way on this router: try again when it is over");
  }
  if (facts.safeMode?.isHeld) {
    throw new CannotPlan(`Safe mode is held on this router (${facts.safeMode.user || "somebody"})`);
  }
  const menus: MenuRows[] = [];
  for (const menu of touchedMenus(about.commands)) {
    try {
      menus.push(await readMenu(connection, menu));
    } catch (error) {
      if (!(error instanceof LinkFailed && error.reason === "trap")) throw error;
      throw new CannotPlan(`The router does not know ${menu}: ${error.message}`);
    }
  }
  const commands = resolveCommands(about.commands, menus);
  const inverse = inverseOf(commands, menus, entriesOf(about.exportText));
  return {
    ...{ facts, menus, commands, inverse },
    choices: choices({
      version: facts.version,
      commandCount: commands.length,
      inverse,
      noJobs: await jobsForbidden(connection),
      hasSafeMode: facts.safeMode !== undefined,
      tiers: about.tiers,
    }),
  };
}

function entriesOf(text: string | undefined) {
  return text === undefined ? undefined : parseExport(text).entries;
}

/** A text that is no whole configuration proves nothing. */
export function wholeExport(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const { failedMenus, problems, entries } = parseExport(text);
  const isWhole = failedMenus.length === 0 && entries.length > 0 &&
    problems.every(({ reason }) => reason !== "cut");
  return isWhole ? text : undefined;
}

/**
 * `draft` and `backed_up`: reads, plans, arms. Ends as `armed`, or as `failed` with the router as it was.
 * Who finds `backed_up` begins anew: nothing was changed, and what was armed is swept.
 */
export async function prepare(run: PushRun): Promise<void> {
  const { record, deps } = run;
  if (record.decision?.action === "revert") return await fail(run, "Called off before it began");
  const exportText = wholeExport(await deps.exportText(record));
  const connection = await run.reach();
  if (!connection) return await fail(run, "The router cannot be reached");
  try {
    if (record.state === "backed_up") await sweep(connection, record.token, true);
    await armBest(run, connection, exportText);
  } catch (error) {
    if (error instanceof CannotPlan || error instanceof CannotArm) {
      return await fail(run, error.message);
    }
    if (!(error instanceof LinkFailed)) throw error;
    await fail(run, `The router broke off before it was changed: ${error.message}`);
  } finally {
    await connection.close();
  }
}

/** Ends it; what was put on the router goes first. Where it cannot, it is looked at until it can. */
async function fail(run: PushRun, reason: string): Promise<void> {
  const { token, state } = run.record;
  let isClean = state === "draft";
  for (let tries = 0; !isClean && tries < SWEEPS; tries++) {
    try {
      isClean = await run.visit(async (connection) => {
        await sweep(connection, token, true);
        return true;
      }) ?? false;
    } catch (error) {
      if (!(error instanceof LinkFailed)) throw error;
    }
    if (!isClean) await run.sleep(2_000);
  }
  if (isClean) return await run.save({ state: "failed", reason }, reason);
  run.note("The router does not answer; what was put on it may still be there");
  await run.save({ state: "unknown", aim: "revert", reason }, reason);
}

async function armBest(
  run: PushRun,
  connection: RouterConnection,
  exportText: string | undefined,
): Promise<void> {
  const { token, request } = run.record;
  const now = run.clock.now();
  const { tiers } = run.deps;
  const about = { token, commands: request.commands, exportText, now, tiers };
  const { facts, menus, commands, inverse, choices: ways } = await lookAhead(connection, about);
  const evidence = {
    version: facts.version,
    bootedAt: facts.bootedAt,
    identity: facts.identity,
    before: menus,
    after: null,
    exportBefore: exportText ?? null,
    added: [],
  };
  const plan = { commands, inverse: inverse.steps, backupFile: null, backupPassword: null };
  let why = "No way to take the change back may be used";
  for (const { tier, net, reason } of ways) {
    if (net === "none" && request.typedName === null) {
      throw new CannotPlan(`${reason} Type the router's name to push all the same.`);
    }
    try {
      const backupPassword = net === "backup" ? randomPassword() : null;
      await run.save(
        { state: "backed_up", tier, evidence, plan: { ...plan, net, backupPassword } },
        reason,
      );
      if (net === "backup") {
        const backupFile = await saveBackup(run, connection, backupPassword!, facts.resource);
        await run.save({ plan: { ...run.plan, backupFile } });
      }
      if (net === "script" || net === "backup") await arm(run, connection);
      await run.save(
        { state: "armed" },
        net === "none"
          ? "Nothing guards the router"
          : net === "safe_mode"
          ? "Safe mode will guard the router"
          : "The router takes the change back by itself unless it is told not to",
      );
      return;
    } catch (error) {
      if (!(error instanceof CannotArm)) throw error;
      why = error.message;
      run.note(why);
      await sweep(connection, token, true);
    }
  }
  throw new CannotArm(why);
}
