import { recordAudit } from "@/core/audit/record.ts";
import { wantChecks } from "@/core/config_checks/due.ts";
import { openContent } from "@/core/configs/content.ts";
import {
  type Baseline,
  BaselinePatch,
  type BaselineText,
  NewGroupBaseline,
} from "@/core/contract/drift.ts";
import { demandDevice } from "@/core/devices/demand_device.ts";
import { Conflict, InvalidInput, NotFound, PreconditionFailed } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { parseExport } from "@/core/wire/routeros/export/parse.ts";
import { maskedText, openBaseline, readPart, sealBaseline, unmask } from "./baseline_text.ts";
import { findBaseline, readBaselines, routersOf, toBaseline } from "./read_baselines.ts";

export interface DriftDeps {
  kms: Kms;
  clock: Clock;
}

/** Baselines of groups; those of single routers stand with the routers. */
export async function listGroupBaselines(scope: Scope): Promise<Baseline[]> {
  demand(scope, "compliance:read");
  return await scope.db.tenant(
    scope.tenantId,
    async (sql) => (await readBaselines(sql, { ofGroups: true })).map(toBaseline),
  );
}

/** With its text, secrets hidden. */
export async function readBaseline(
  scope: Scope,
  { kms }: DriftDeps,
  id: string,
): Promise<BaselineText> {
  demand(scope, "compliance:read");
  const row = await scope.db.tenant(scope.tenantId, (sql) => findBaseline(sql, id));
  const entries = await openBaseline(kms, scope.tenantId, id, row.ciphertext);
  return { ...toBaseline(row), text: maskedText(entries) };
}

/** @throws {Conflict} where the group has one */
export async function addGroupBaseline(
  scope: Scope,
  deps: DriftDeps,
  input: NewGroupBaseline,
): Promise<Baseline> {
  demand(scope, "compliance:write");
  const { groupId, text, wholeMenus } = NewGroupBaseline.parse(input);
  const id = crypto.randomUUID();
  const ciphertext = await sealBaseline(deps.kms, scope.tenantId, id, readPart(text));
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const [group] = await sql`select from device_groups where id = ${groupId}`;
    if (!group) throw new NotFound("Cannot find this group");
    const made = await sql`
      insert into config_baselines (tenant_id, id, group_id, ciphertext, whole_menus, updated_by,
        created_at, updated_at)
      values (${scope.tenantId}, ${id}, ${groupId}, ${ciphertext}, ${wholeMenus}::text[],
        ${scope.actor}, ${now(deps)}, ${now(deps)})
      on conflict (tenant_id, group_id) do nothing returning id`;
    if (made.length === 0) throw new Conflict("Cannot add it: this group has a baseline already");
    return await told(sql, scope, deps, id, "baseline.added");
  });
}

/**
 * A kept version becomes the router's own baseline, in place of the one it had.
 *
 * @throws {InvalidInput} for a version that is not whole
 */
export async function chooseBaseline(
  scope: Scope,
  deps: DriftDeps,
  deviceId: string,
  versionId: string,
): Promise<Baseline> {
  demand(scope, "compliance:write");
  await demandDevice(scope, deviceId);
  const [version] = await scope.db.tenant(
    scope.tenantId,
    (sql) =>
      sql<{ contentId: string; ciphertext: Uint8Array; takenAt: Date; isWhole: boolean }[]>`
      select c.id as "contentId", c.ciphertext, v.taken_at as "takenAt",
        v.failed_menus = '{}' as "isWhole"
      from config_versions v join config_contents c
        on c.tenant_id = v.tenant_id and c.id = v.content_id
      where v.device_id = ${deviceId} and v.id = ${versionId}`,
  );
  if (!version) throw new NotFound("Cannot find this version of the configuration");
  if (!version.isWhole) {
    throw new InvalidInput("Cannot take this version for a baseline", [{
      path: "versionId",
      message: "is partial: the router could not export all of its menus",
    }]);
  }
  const { contentId, ciphertext } = version;
  const text = await openContent(deps.kms, scope.tenantId, contentId, ciphertext);
  const { entries } = parseExport(text);
  const [known] = await scope.db.tenant(
    scope.tenantId,
    (sql) => sql<{ id: string }[]>`select id from config_baselines where device_id = ${deviceId}`,
  );
  const id = known?.id ?? crypto.randomUUID();
  const sealed = await sealBaseline(deps.kms, scope.tenantId, id, entries);
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    const at = now(deps);
    const made = await sql`
      insert into config_baselines as b (tenant_id, id, device_id, ciphertext, taken_at, updated_by,
        created_at, updated_at)
      values (${scope.tenantId}, ${id}, ${deviceId}, ${sealed}, ${version.takenAt}, ${scope.actor},
        ${at}, ${at})
      on conflict (tenant_id, device_id) do update set ciphertext = excluded.ciphertext,
        taken_at = excluded.taken_at, updated_by = excluded.updated_by, updated_at = excluded.updated_at,
        revision = b.revision + 1
        where b.id = ${id}
      returning id`;
    if (made.length === 0) {
      throw new Conflict("Somebody else chose a baseline just now: look again");
    }
    return await told(sql, scope, deps, id, "baseline.chosen");
  });
}

/** @throws {PreconditionFailed} if somebody changed it since it was read */
export async function changeBaseline(
  scope: Scope,
  deps: DriftDeps,
  id: string,
  input: BaselinePatch,
): Promise<Baseline> {
  demand(scope, "compliance:write");
  const { text, wholeMenus, revision } = BaselinePatch.parse(input);
  const before = await scope.db.tenant(scope.tenantId, (sql) => findBaseline(sql, id));
  if (before.deviceId !== null) {
    throw new Conflict(
      "The baseline of a router is a version of its configuration: choose another",
    );
  }
  const sealed = text === undefined ? before.ciphertext : await sealBaseline(
    deps.kms,
    scope.tenantId,
    id,
    unmask(readPart(text), await openBaseline(deps.kms, scope.tenantId, id, before.ciphertext)),
  );
  return await scope.db.tenant(scope.tenantId, async (sql) => {
    await saveBaseline(sql, scope, deps, { id, revision, sealed });
    if (wholeMenus) {
      await sql`update config_baselines set whole_menus = ${wholeMenus}::text[] where id = ${id}`;
    }
    return await told(sql, scope, deps, id, "baseline.changed");
  });
}

export async function removeBaseline(scope: Scope, deps: DriftDeps, id: string): Promise<void> {
  demand(scope, "compliance:write");
  await scope.db.tenant(scope.tenantId, async (sql) => {
    const row = await findBaseline(sql, id);
    const ids = await routersOf(sql, row);
    await sql`delete from config_baselines where id = ${id}`;
    await wantChecks(sql, ids);
    await tellBaseline(sql, scope, deps, row, "baseline.removed");
  });
}

/** Stores another text of a baseline. @throws {PreconditionFailed} if it is not the edition that was read */
export async function saveBaseline(
  sql: Sql,
  scope: Scope,
  deps: DriftDeps,
  { id, revision, sealed }: { id: string; revision: number; sealed: Uint8Array },
): Promise<void> {
  const saved = await sql`
    update config_baselines set ciphertext = ${sealed}, revision = revision + 1,
      updated_by = ${scope.actor}, updated_at = ${now(deps)}
    where id = ${id} and revision = ${revision} returning id`;
  if (saved.length > 0) return;
  throw new PreconditionFailed("Somebody changed this baseline since you read it: look again");
}

async function told(
  sql: Sql,
  scope: Scope,
  deps: DriftDeps,
  id: string,
  action: string,
): Promise<Baseline> {
  const row = await findBaseline(sql, id);
  await wantChecks(sql, await routersOf(sql, row));
  await tellBaseline(sql, scope, deps, row, action);
  return toBaseline(row);
}

/** Puts what was done into the audit log; last in its transaction. */
export async function tellBaseline(
  sql: Sql,
  scope: Scope,
  deps: DriftDeps,
  { id, name, deviceId, groupId, revision }: Pick<
    Baseline,
    "id" | "name" | "deviceId" | "groupId" | "revision"
  >,
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordAudit(sql, deps.kms, scope.tenantId, {
    ...{ at: now(deps), actor: scope.actor, action, outcome: "ok" },
    details: { ...details, ...(deviceId ? { deviceId } : { groupId }), revision },
    target: { kind: "baseline", id, label: name },
    requestId: scope.requestId,
    ip: scope.ip,
  });
}

const now = ({ clock }: DriftDeps) => new Date(clock.now());
