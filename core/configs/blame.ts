import type { BlamedItem, ConfigBlame } from "@/core/contract/configs.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { NotFound } from "@/core/errors.ts";
import { giveWay } from "@/core/give_way.ts";
import { demand, type Scope } from "@/core/scope.ts";
import type { ExportEntry } from "@/core/wire/routeros/export/model.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { printCommand } from "@/core/wire/routeros/export/print.ts";
import { noCause, readCauses } from "./causes.ts";
import { openContent } from "./content.ts";
import { columns, type ReadDeps, toVersion, type VersionRow } from "./read_versions.ts";
import { maskEntry } from "./secrets.ts";
import { diffExports } from "./semantic_diff.ts";

/** Versions looked back at; more would keep the reader waiting. */
const MAX_VERSIONS = 100;
const MAX_MS = 4_000;
const MAX_ITEMS = 2_000;

interface Stored extends VersionRow {
  contentId: string;
}

/** An item of the version in question on its way back in time. */
interface Traced {
  readonly item: ExportEntry;
  added: string | null;
  changed: string | null;
}

/**
 * Which version brought each item of a version, and which changed it last: goes back in time from change
 * to change until every item is explained, or far enough.
 */
export async function blameConfig(
  scope: Scope,
  { kms, clock }: ReadDeps,
  deviceId: string,
  versionId: string,
): Promise<ConfigBlame> {
  demand(scope, "configs:read");
  await demandDevice(scope, deviceId);
  const stored = await scope.db.tenant(scope.tenantId, (sql) =>
    sql<Stored[]>`
      select c.id as "contentId", ${columns(sql)}
      where v.device_id = ${deviceId}
        and (v.failed_menus = '{}' or v.id = ${versionId})
        and (v.taken_at, v.id) <= (select taken_at, id from config_versions
          where device_id = ${deviceId} and id = ${versionId})
      order by v.taken_at desc, v.id desc limit ${MAX_VERSIONS + 1}`);
  const [wanted] = stored;
  if (wanted?.id !== versionId) {
    throw new NotFound("Cannot find this version of the configuration");
  }
  const open = async ({ contentId }: Stored) => {
    const [row] = await scope.db.tenant(scope.tenantId, (sql) =>
      sql<{ ciphertext: Uint8Array }[]>`
        select ciphertext from config_contents where id = ${contentId}`);
    if (!row) throw new NotFound("Cannot find this version of the configuration");
    return parseExport(await openContent(kms, scope.tenantId, contentId, row.ciphertext)).entries;
  };
  const began = clock.monotonic();
  let now = await open(wanted);
  const all: Traced[] = now.map((item) => ({ item, added: null, changed: null }));
  let traced = new Map(all.map((one) => [one.item, one]));
  let at = 0;
  while (traced.size > 0 && at + 1 < Math.min(stored.length, MAX_VERSIONS)) {
    if (clock.monotonic() - began > MAX_MS) break;
    const old = await open(stored[at + 1]!);
    traced = stepBack(traced, old, now, stored[at]!.id);
    now = old;
    at += 1;
    await giveWay();
  }
  // What the first version of all holds came with it.
  const isWhole = traced.size === 0 || at + 1 === stored.length;
  if (isWhole) {
    const first = stored[at]!.id;
    for (const one of traced.values()) {
      one.added = first;
      one.changed ??= first;
    }
  }
  return await answer(scope, deviceId, stored, all, { at, isWhole });
}

/** Takes out what `version` brought; the rest goes on as it was before. */
function stepBack(
  traced: ReadonlyMap<ExportEntry, Traced>,
  before: readonly ExportEntry[],
  after: readonly ExportEntry[],
  version: string,
): Map<ExportEntry, Traced> {
  const older = new Map<ExportEntry, Traced>();
  const changes = diffExports(before, after, (old, now) => {
    const one = traced.get(now);
    if (one) older.set(old, one);
  });
  for (const { kind, after: item } of changes) {
    const one = item && traced.get(item);
    if (!one) continue;
    one.changed ??= version;
    if (kind === "added") one.added = version;
  }
  return older;
}

async function answer(
  scope: Scope,
  deviceId: string,
  stored: readonly Stored[],
  all: readonly Traced[],
  { at, isWhole }: { at: number; isWhole: boolean },
): Promise<ConfigBlame> {
  const shown = all.slice(0, MAX_ITEMS);
  const named = new Set(shown.flatMap(({ added, changed }) => [added, changed]));
  const versions = stored.filter(({ id }) => named.has(id)).map(withoutContent).map(toVersion);
  const causes = await scope.db.tenant(
    scope.tenantId,
    (sql) => readCauses(sql, scope, deviceId, versions.map(({ id }) => id)),
  );
  const places = new Map(versions.map(({ id }, place) => [id, place]));
  const place = (id: string | null) => id === null ? null : places.get(id) ?? null;
  return {
    version: toVersion(withoutContent(stored[0]!)),
    items: shown.map(({ item, added, changed }): BlamedItem => ({
      menu: item.menu,
      command: printCommand(maskEntry(item)).slice(0, 2_000),
      added: place(added),
      changed: place(changed),
    })),
    versions: versions.map((version) => ({
      ...version,
      cause: causes.get(version.id) ?? noCause(version),
    })),
    lookedBackTo: stored[at]!.takenAt.toISOString(),
    isWhole,
    isCut: all.length > shown.length,
  };
}

function withoutContent({ contentId: _, ...row }: Stored): VersionRow {
  return row;
}
