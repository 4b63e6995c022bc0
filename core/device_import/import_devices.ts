import { recordAudit } from "@/core/audit/record.ts";
import type { NewDevice } from "@/core/contract/device.ts";
import { type ImportReport, ImportRequest, type ImportRow } from "@/core/contract/device_import.ts";
import { announceChange } from "@/core/devices/changes.ts";
import { demandProfile, profileIds } from "@/core/credentials/use_profile.ts";
import { type ReadyLogin, readyLogin } from "@/core/devices/credential.ts";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import { insertDevices } from "@/core/devices/insert_devices.ts";
import { InvalidInput } from "@/core/errors.ts";
import { recordEvents } from "@/core/events/events.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { findSites, KnownSites } from "@/core/sites/find_sites.ts";
import { findTags } from "@/core/tags/find_tags.ts";
import { planImport, type PlannedRow } from "./plan_import.ts";
import { readInventory } from "./read_inventory.ts";

/** Rows of one transaction: each is there whole or not at all, whatever ends the import. */
const STEP = 150;
/** What a row becomes before its transaction. */
interface EncryptedDevice {
  id: string;
  device: Omit<NewDevice, "username" | "password" | "profileId">;
  login: ReadyLogin;
}

/** Logins encrypted at one time: with OpenBao each is a request. */
const AT_ONCE = 16;

/**
 * Takes an inventory in: what is new is added, what is managed already is left as it is, what is wrong
 * is listed with its reason and hinders nothing else. The same file again adds nothing.
 *
 * @throws {InvalidInput} if the file as a whole cannot be read
 */
export async function importDevices(
  scope: Scope,
  deps: DeviceDeps,
  input: ImportRequest,
): Promise<ImportReport> {
  demand(scope, "devices:write");
  const parsed = ImportRequest.safeParse(input);
  if (!parsed.success) {
    throw new InvalidInput(
      "Cannot import this",
      parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    );
  }
  const { text, defaults, dryRun } = parsed.data;
  const { format, columns, rows } = await readInventory(text);
  const { managed, sites, profiles, tags } = await readInventoryOf(scope);
  const mayMake = scope.permissions.has("sites:write");
  const mayTag = scope.permissions.has("groups:write");
  const plan = await planImport(rows, {
    ...{ defaults, managed },
    hasSite: (name) => mayMake || sites.find(name) !== undefined,
    hasTag: (name) => mayTag || tags.has(name.toLowerCase()),
    profileOf: (name) => profiles.get(name.toLowerCase()),
  });
  if (!dryRun) await addAll(scope, deps, plan);
  return {
    dryRun,
    format,
    columns,
    counts: countsOf(plan),
    rows: plan.map(({ device: _, ...row }) => row),
  };
}

/** The places that are managed already, the sites, the tags, and the profiles that the caller may use. */
async function readInventoryOf({ db, tenantId, permissions }: Scope) {
  return await db.tenant(tenantId, async (sql) => {
    const rows = await sql<{ place: string }[]>`
      select lower(address) || ' ' || port as place from devices where retired_at is null`;
    const tags = await sql<{ key: string }[]>`select lower(name) as key from tags`;
    return {
      managed: new Set(rows.map(({ place }) => place)),
      tags: new Set(tags.map(({ key }) => key)),
      sites: await KnownSites.read(sql),
      profiles: permissions.has("credentials:read")
        ? await profileIds(sql)
        : new Map<string, string>(),
    };
  });
}

async function addAll(scope: Scope, deps: DeviceDeps, plan: readonly PlannedRow[]): Promise<void> {
  const wanted = plan.filter((row): row is PlannedRow & { device: NewDevice } =>
    row.device !== undefined
  );
  for (let at = 0; at < wanted.length; at += STEP) {
    const some = wanted.slice(at, at + STEP);
    const ready = await encryptAll(scope, deps, some.map(({ device }) => device));
    const added = await addSome(scope, deps, ready);
    some.forEach((row, index) => {
      const isAdded = added.has(ready[index]!.id);
      row.result = isAdded ? "added" : "present";
      row.reason = isAdded ? null : "somebody added it meanwhile";
    });
  }
}

async function encryptAll(
  scope: Scope,
  { kms }: DeviceDeps,
  devices: readonly NewDevice[],
): Promise<EncryptedDevice[]> {
  const ready: EncryptedDevice[] = [];
  for (let at = 0; at < devices.length; at += AT_ONCE) {
    ready.push(
      ...await Promise.all(
        devices.slice(at, at + AT_ONCE).map(
          async ({ username, password, profileId, ...device }) => {
            const id = crypto.randomUUID();
            const given = { username, password, profileId };
            return { id, device, login: (await readyLogin(kms, scope.tenantId, id, given))! };
          },
        ),
      ),
    );
  }
  return ready;
}

async function addSome(
  scope: Scope,
  deps: DeviceDeps,
  encrypted: readonly EncryptedDevice[],
): Promise<Set<string>> {
  const { clock, kms, bus } = deps;
  const { db, tenantId, actor, requestId, ip } = scope;
  const at = new Date(clock.now());
  const added = await db.tenant(tenantId, async (sql) => {
    const sites = await findSites(
      sql,
      scope,
      deps,
      encrypted.flatMap(({ device: { site } }) => site ?? []),
    );
    const profiles = new Set(
      encrypted.flatMap(({ login }) => "profileId" in login ? login.profileId : []),
    );
    for (const profileId of profiles) await demandProfile(sql, scope, profileId);
    const tags = await findTags(
      ...[sql, scope, deps] as const,
      encrypted.flatMap(({ device }) => device.tags ?? []),
    );
    const ids = await insertDevices(
      sql,
      tenantId,
      encrypted.map((one) => ({
        ...one,
        siteId: sites.get(one.device.site ?? "") ?? null,
        tagIds: (one.device.tags ?? []).map((name) => tags.get(name.toLowerCase())!),
      })),
    );
    if (ids.size === 0) return ids;
    const message = ids.size === 1 ? "1 router was imported" : `${ids.size} routers were imported`;
    await recordEvents(sql, tenantId, [{
      ...{ at: at.toISOString(), kind: "device.added", severity: "info", message },
      ...{ deviceId: null, deviceName: null },
    }]);
    const devices = encrypted.filter(({ id }) => ids.has(id)).map(({ id, device }) => [
      id,
      device.address.slice(0, 40),
    ]);
    await recordAudit(sql, kms, tenantId, {
      ...{ at, actor, action: "device.imported", outcome: "ok", requestId, ip },
      details: { count: ids.size, devices },
    });
    return ids;
  });
  for (const { id: deviceId, device: { region } } of encrypted) {
    if (added.has(deviceId)) announceChange(bus, region, { tenantId, deviceId, change: "upsert" });
  }
  return added;
}

function countsOf(rows: readonly ImportRow[]): ImportReport["counts"] {
  const counts = { add: 0, added: 0, present: 0, bad: 0 };
  for (const { result } of rows) counts[result] += 1;
  return counts;
}
