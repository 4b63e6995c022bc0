import { type Device, DevicePatch, NewDevice } from "@/core/contract/device.ts";
import { Conflict, InvalidInput, NotFound, PreconditionFailed } from "@/core/errors.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { findSites } from "@/core/sites/find_sites.ts";
import { joinGroups } from "./join_groups.ts";
import { findTags, setDeviceTags } from "@/core/tags/find_tags.ts";
import { announceChange } from "./changes.ts";
import { demandProfile } from "@/core/credentials/use_profile.ts";
import { readyLogin, saveLogin } from "./credential.ts";
import { deviceColumns, type DeviceRow, deviceSources, toDevice } from "./device_row.ts";
import { insertDevices } from "./insert_devices.ts";
import { switchOff } from "./switch_off.ts";
import { differences, tellChange } from "./tell_change.ts";

export interface DeviceDeps {
  kms: Kms;
  bus: Bus;
  clock: Clock;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws {NotFound} also for another tenant's device: the two look the same */
export async function getDevice(scope: Scope, id: string): Promise<Device> {
  demand(scope, "devices:read");
  return await scope.db.tenant(scope.tenantId, (sql) => readDevice(sql, id));
}

/** @throws {NotFound} */
export async function readDevice(sql: Sql, id: string): Promise<Device> {
  const [row] = UUID.test(id)
    ? await sql<DeviceRow[]>`
      select ${deviceColumns(sql)} from ${deviceSources(sql)}
      where d.id = ${id}`
    : [];
  if (!row) throw new NotFound("Cannot find this device");
  return toDevice(row);
}

/**
 * Takes a device into the tenant's inventory. The poller's first contact pins its certificate.
 *
 * @throws {Conflict} if the tenant already manages that address and port
 */
export async function addDevice(
  scope: Scope,
  deps: DeviceDeps,
  input: NewDevice,
  /** Runs in the same transaction, with the new device. */
  alongside: (sql: Sql, device: Device) => Promise<void> = () => Promise.resolve(),
): Promise<Device> {
  demand(scope, "devices:write");
  const { username, password, profileId, ...device } = parseNew(input);
  const id = crypto.randomUUID();
  const given = { username, password, profileId };
  const login = (await readyLogin(deps.kms, scope.tenantId, id, given))!;
  const added = await scope.db.tenant(scope.tenantId, async (sql) => {
    if (profileId !== undefined) await demandProfile(sql, scope, profileId);
    const siteId = await siteOf(sql, scope, deps, device.site);
    const tagIds = await tagsOf(sql, scope, deps, device.tags);
    const stored = await insertDevices(sql, scope.tenantId, [
      { id, device, login, siteId, tagIds },
    ]);
    if (stored.size === 0) {
      const port = device.port ? ` port ${device.port}` : "";
      throw new Conflict(`Cannot add ${device.address}${port}: it is already managed`);
    }
    await joinGroups(sql, scope, id, device.groups ?? []);
    const added = await readDevice(sql, id);
    await alongside(sql, added);
    const details = { address: added.address, port: added.port, tlsMode: added.tlsMode };
    await tellChange(sql, scope, deps, added, "device.added", `${added.name} was added`, details);
    return added;
  });
  announceChange(deps.bus, added.region, {
    tenantId: scope.tenantId,
    deviceId: id,
    change: "upsert",
  });
  return added;
}

/**
 * Changes what `patch` names. Reaches the poller within a second.
 *
 * @throws {PreconditionFailed} if `ifRevision` is given and the device was edited since
 */
export async function updateDevice(
  scope: Scope,
  deps: DeviceDeps,
  id: string,
  patch: DevicePatch,
  { ifRevision }: { ifRevision?: number | undefined } = {},
): Promise<Device> {
  demand(scope, "devices:write");
  const parsed = DevicePatch.safeParse(patch);
  if (!parsed.success) throw invalid(parsed.error.issues);
  const { username, password, profileId, site, tags, ...fields } = parsed.data;
  if ((username === undefined) !== (password === undefined)) {
    throw new InvalidInput("Cannot change the credential", [
      { path: "username", message: "goes together with password" },
    ]);
  }
  if (username !== undefined && profileId !== undefined) {
    throw new InvalidInput("Cannot change the credential", [
      { path: "profileId", message: "goes without user name and password" },
    ]);
  }
  // Before the transaction: the KMS may need a connection of its own.
  const given = { username, password, profileId };
  const login = await readyLogin(deps.kms, scope.tenantId, id, given);
  const [before, after] = await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await readDevice(sql, id);
    if (ifRevision !== undefined && ifRevision !== before.revision) {
      throw stale(before);
    }
    // A new place for the router is a new place for the password of its profile.
    const isMoved = fields.address !== undefined || fields.tlsMode !== undefined;
    if (isMoved && before.profileId !== null && login === undefined) {
      await demandProfile(sql, scope, before.profileId);
    }
    const changes = {
      ...columnsOf(fields),
      ...(site !== undefined && { site_id: await siteOf(sql, scope, deps, site) }),
    };
    let saved: readonly unknown[];
    try {
      // The revision again: of two edits that read the same one, the second must not win in silence.
      saved = await sql`
        update devices set ${sql({ ...changes, updated_at: new Date(deps.clock.now()) })},
               revision = revision + 1
        where id = ${id} ${ifRevision === undefined ? sql`` : sql`and revision = ${ifRevision}`}
        returning id`;
    } catch (error) {
      const { code, constraint_name: constraint } = error as Record<string, unknown>;
      if (String(constraint).startsWith("devices_sector")) {
        throw new InvalidInput("Cannot put it on this sector", [
          { path: "sectorId", message: "is no sector of its site" },
        ]);
      }
      if (code !== "23505") throw error;
      throw new Conflict(`Cannot use ${fields.address ?? before.address}: it is already managed`);
    }
    if (saved.length === 0) throw stale(before);
    if (before.isEnabled && fields.isEnabled === false) {
      await switchOff(sql, scope.tenantId, [id], new Date(deps.clock.now()));
    }
    if (login) await saveLogin(sql, scope, id, login);
    if (tags) await setDeviceTags(sql, scope, id, await tagsOf(sql, scope, deps, tags));
    const after = await readDevice(sql, id);
    const named = [
      ...Object.keys(fields),
      ...(site === undefined ? [] : ["site"]),
      ...(tags === undefined ? [] : ["tags"]),
      ...(login === undefined ? [] : ["credential"]),
    ];
    const what = `${after.name} was changed: ${named.join(", ") || "nothing"}`;
    const details = differences(before, after, {
      login: username !== undefined,
      tlsCa: fields.tlsCa !== undefined,
    });
    await tellChange(sql, scope, deps, after, "device.changed", what, details);
    return [before, after];
  });
  for (const region of new Set([before.region, after.region])) {
    announceChange(deps.bus, region, {
      tenantId: scope.tenantId,
      deviceId: id,
      change: region === after.region ? "upsert" : "removed",
    });
  }
  return after;
}

async function siteOf(
  sql: Sql,
  scope: Scope,
  deps: DeviceDeps,
  path: string | null | undefined,
): Promise<string | null> {
  if (path === null || path === undefined) return null;
  return (await findSites(sql, scope, deps, [path])).get(path)!;
}

async function tagsOf(
  sql: Sql,
  scope: Scope,
  deps: DeviceDeps,
  names: readonly string[] = [],
): Promise<string[]> {
  return [...(await findTags(sql, scope, deps, names)).values()];
}

function stale({ name }: Device): PreconditionFailed {
  return new PreconditionFailed(
    `Cannot save ${name} as it was changed meanwhile: reload it, then repeat the change`,
  );
}

function parseNew(input: NewDevice) {
  const parsed = NewDevice.safeParse(input);
  if (!parsed.success) throw invalid(parsed.error.issues);
  return parsed.data;
}

function invalid(issues: { path: PropertyKey[]; message: string }[]): InvalidInput {
  return new InvalidInput(
    "Cannot accept this device",
    issues.map(({ path, message }) => ({ path: path.join("."), message })),
  );
}

const COLUMN: Record<string, string> = {
  name: "name",
  address: "address",
  port: "port",
  tlsMode: "tls_mode",
  tlsCa: "tls_ca",
  tlsFingerprint: "tls_fingerprint",
  sshPort: "ssh_port",
  sshHostKey: "ssh_host_key",
  region: "region",
  pollIntervalSeconds: "poll_interval_seconds",
  isEnabled: "is_enabled",
  sectorId: "sector_id",
};

function columnsOf(
  fields: Record<string, unknown>,
): Record<string, string | number | boolean | null> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [COLUMN[name]!, value as string | number | boolean | null]),
  );
}
