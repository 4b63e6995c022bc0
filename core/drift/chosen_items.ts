import { openSealed, readSealed } from "@/core/config_checks/read_configs.ts";
import type { RouterFacts } from "@/core/config_view/config_view.ts";
import { Conflict } from "@/core/errors.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Scope } from "@/core/scope.ts";
import type { ExportEntry, RouterosExport } from "@/core/wire/routeros/export/model.ts";
import { openBaseline } from "./baseline_text.ts";
import { baselinesOf } from "./device_drift.ts";
import type { IgnoreRule } from "./ignore.ts";
import type { BaselineRow } from "./read_baselines.ts";
import { type FoundDrift, workOutDrift } from "./work_out.ts";

/** Items that somebody chose, worked out anew: with their secrets, which the stored ones do not have. */
export interface ChosenItems {
  readonly running: RouterosExport;
  readonly takenAt: Date;
  readonly parts: readonly {
    readonly baseline: BaselineRow;
    readonly entries: readonly ExportEntry[];
    readonly found: readonly FoundDrift[];
  }[];
}

/** @throws {Conflict} for items that are no drift (any more): the page is older than the router */
export async function chosenItems(
  scope: Scope,
  kms: Kms,
  deviceId: string,
  ids: readonly string[],
): Promise<ChosenItems> {
  await demandDevice(scope, deviceId);
  const { sealed, baselines, ignores, wanted } = await scope.db.tenant(
    scope.tenantId,
    async (sql) => ({
      sealed: (await readSealed(sql, [deviceId]))[0],
      baselines: await baselinesOf(sql, deviceId),
      ignores: await sql<(IgnoreRule & { baselineId: string | null })[]>`
        select baseline_id as "baselineId", menu, attribute, comment from drift_ignores`,
      wanted: await sql<{ baselineId: string; fingerprint: Uint8Array }[]>`
        select baseline_id as "baselineId", fingerprint from drift_items
        where device_id = ${deviceId} and id = any(${[...ids]}::uuid[])`,
    }),
  );
  const running = sealed && await openSealed(kms, scope.tenantId, sealed);
  if (!running || wanted.length < new Set(ids).size) throw changed();
  const facts: RouterFacts = { version: sealed.routerosVersion, menus: sealed.facts ?? {} };
  const keyOf = (one: { baselineId: string; fingerprint: Uint8Array }) =>
    `${one.baselineId} ${one.fingerprint.toHex()}`;
  const keys = new Set(wanted.map(keyOf));
  const parts = [];
  for (const baseline of baselines) {
    if (!wanted.some(({ baselineId }) => baselineId === baseline.id)) continue;
    const entries = await openBaseline(kms, scope.tenantId, baseline.id, baseline.ciphertext);
    const { id, wholeMenus, deviceId: own } = baseline;
    const ignored = ignores.filter(({ baselineId }) => baselineId === null || baselineId === id);
    const found = workOutDrift(
      { id, isWhole: own !== null, wholeMenus, entries },
      running,
      facts,
      ignored,
    )
      .filter((one) => keys.has(keyOf(one)));
    parts.push({ baseline, entries, found });
  }
  const count = parts.reduce((sum, { found }) => sum + found.length, 0);
  if (count < keys.size) throw changed();
  return { running, takenAt: sealed.takenAt!, parts };
}

function changed(): Conflict {
  return new Conflict("Some of these items are no drift any more: look at the list again");
}
