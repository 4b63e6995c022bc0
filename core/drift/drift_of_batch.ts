import type { RouterFacts } from "@/core/config_view/config_view.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import type { ExportEntry, RouterosExport } from "@/core/wire/routeros/export/model.ts";
import { openBaseline } from "./baseline_text.ts";
import type { IgnoreRule } from "./ignore.ts";
import { type BaselineRow, readBaselines } from "./read_baselines.ts";
import { type FoundDrift, workOutDrift } from "./work_out.ts";

/** Members of a group, as whoever goes through many routers keeps them. */
export type MembersOf = (sql: Sql, groupId: string) => Promise<ReadonlySet<string>>;

/** What routers of a batch are held against. */
export interface BatchBaselines {
  readonly rows: readonly BaselineRow[];
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  readonly ignores: readonly (IgnoreRule & { readonly baselineId: string | null })[];
}

export async function readBatchBaselines(
  sql: Sql,
  deviceIds: readonly string[],
  membersOf: MembersOf,
): Promise<BatchBaselines> {
  const rows = [
    ...await readBaselines(sql, { deviceIds }),
    ...await readBaselines(sql, { ofGroups: true }),
  ];
  const members = new Map<string, ReadonlySet<string>>();
  for (const { groupId } of rows) {
    if (groupId !== null) members.set(groupId, await membersOf(sql, groupId));
  }
  const ignores = rows.length === 0
    ? []
    : await sql<(IgnoreRule & { baselineId: string | null })[]>`
    select baseline_id as "baselineId", menu, attribute, comment from drift_ignores`;
  return { rows, members, ignores };
}

/** Baselines opened and parsed, each edition once: those of groups are for many routers. */
export class OpenBaselines {
  readonly #kms: Kms;
  readonly #known = new Map<string, Promise<ExportEntry[]>>();

  constructor(kms: Kms) {
    this.#kms = kms;
  }

  of(
    tenantId: TenantId,
    { id, revision, groupId, ciphertext }: BaselineRow,
  ): Promise<ExportEntry[]> {
    const open = () => openBaseline(this.#kms, tenantId, id, ciphertext);
    if (groupId === null) return open();
    const key = `${id} ${revision}`;
    let entries = this.#known.get(key);
    if (!entries) {
      if (this.#known.size >= 50) this.#known.clear();
      this.#known.set(key, entries = open());
      entries.catch(() => this.#known.delete(key));
    }
    return entries;
  }
}

/** How one router differs from each of its baselines; `undefined`: it has none. */
export async function driftOf(
  tenantId: TenantId,
  deviceId: string,
  { rows, members, ignores }: BatchBaselines,
  opened: OpenBaselines,
  running: RouterosExport,
  facts: RouterFacts,
): Promise<FoundDrift[] | undefined> {
  const own = rows.filter((row) =>
    row.deviceId === deviceId || (row.groupId !== null && members.get(row.groupId)?.has(deviceId))
  );
  if (own.length === 0) return undefined;
  const found: FoundDrift[] = [];
  for (const row of own) {
    const entries = await opened.of(tenantId, row);
    const { id, wholeMenus } = row;
    const ignored = ignores.filter(({ baselineId }) => baselineId === null || baselineId === id);
    const baseline = { id, isWhole: row.deviceId !== null, wholeMenus, entries };
    found.push(...workOutDrift(baseline, running, facts, ignored));
  }
  return found;
}
