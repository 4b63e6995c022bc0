import type { TlsMode } from "@/core/contract/device.ts";
import { type AdoptResult, AdoptRouters } from "@/core/contract/discovery.ts";
import { noteProfileTry } from "@/core/credentials/try_profile.ts";
import { addDevice, type DeviceDeps } from "@/core/devices/devices.ts";
import { AppError, Conflict, InvalidInput } from "@/core/errors.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { findTags } from "@/core/tags/find_tags.ts";
import { findSites } from "@/core/sites/find_sites.ts";
import { examineAddress, probeRouter } from "./ask_poller.ts";

/** Routers looked at side by side: a poller does 16 commands at a time, for everybody. */
const AT_ONCE = 5;

type Request = ReturnType<typeof AdoptRouters.parse>;
type Wanted = Request["routers"][number];

/**
 * Adopts routers that were found, each only after a login to it worked. What goes wrong with one is said
 * in its row and hinders no other.
 *
 * @throws {NotFound} if there is no such profile
 */
export async function adoptRouters(
  scope: Scope,
  deps: DeviceDeps & { rpc: Rpc },
  input: AdoptRouters,
): Promise<AdoptResult[]> {
  demand(scope, "devices:write");
  const parsed = AdoptRouters.safeParse(input);
  if (!parsed.success) {
    throw new InvalidInput(
      "Cannot adopt these routers",
      parsed.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
    );
  }
  const request = parsed.data;
  const { profileId, routers, site, tags = [] } = request;
  // Once for all: before the password goes anywhere.
  await noteProfileTry(scope, deps, {
    profileId,
    addresses: routers.map(({ address }) => address),
  });
  // Once, too: two rows that make it side by side would hinder each other.
  await scope.db.tenant(scope.tenantId, async (sql) => {
    if (site !== undefined) await findSites(sql, scope, deps, [site]);
    await findTags(sql, scope, deps, tags);
  });
  const results: AdoptResult[] = [];
  for (let at = 0; at < routers.length; at += AT_ONCE) {
    const some = routers.slice(at, at + AT_ONCE);
    results.push(...await Promise.all(some.map((router) => adopt(scope, deps, request, router))));
  }
  return results;
}

async function adopt(
  scope: Scope,
  deps: DeviceDeps & { rpc: Rpc },
  request: Request,
  wanted: Wanted,
): Promise<AdoptResult> {
  const { address } = wanted;
  const row = { address, name: null, reason: null, deviceId: null };
  try {
    return { ...row, ...await adoptOne(scope, deps, request, wanted) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const issues = error instanceof InvalidInput ? error.issues : [];
    const reason = [error.message, ...issues.map(({ path, message }) => `${path} ${message}`)]
      .join("; ");
    return { ...row, result: error instanceof Conflict ? "present" : "failed", reason };
  }
}

async function adoptOne(
  scope: Scope,
  deps: DeviceDeps & { rpc: Rpc },
  { region, profileId, site, tags, groups, allowPlain }: Request,
  wanted: Wanted,
): Promise<Omit<AdoptResult, "address">> {
  const { address } = wanted;
  const nothing = { name: null, deviceId: null };
  const managed = await managedAt(scope, address);
  if (managed) return { result: "present", reason: `It is managed already`, ...managed };
  const place = await placeOf(deps.rpc, region, wanted);
  if ("reason" in place) return { result: "failed", reason: place.reason, ...nothing };
  if (place.tlsMode === "plain" && !allowPlain) {
    const reason = "Only the API without TLS answers: the password would cross the network in " +
      "clear. Enable api-ssl on the router, or allow it for these routers.";
    return { result: "failed", reason, ...nothing };
  }
  const login = { tenantId: scope.tenantId, profileId };
  const answer = await probeRouter(deps.rpc, { address, ...place, tlsCa: null, region, login });
  if (!answer.ok) return { result: "failed", reason: answer.detail, ...nothing };
  const twin = await managedBySerial(scope, answer.serialNumber, answer.identity);
  if (twin) {
    const reason = twin.isRetired
      ? `It is retired as ${twin.name}: restore it there instead`
      : `It is managed already as ${twin.name} under ${twin.address}: the serial number is the same`;
    return { result: "present", reason, name: twin.name, deviceId: twin.deviceId };
  }
  const device = await addDevice(scope, deps, {
    ...{ address, region, profileId, ...place },
    ...(site !== undefined && { site }),
    ...(tags !== undefined && { tags }),
    ...(groups !== undefined && { groups }),
  });
  return { result: "added", name: answer.identity, reason: null, deviceId: device.id };
}

/** Where to log in, as given or as the address shows. */
async function placeOf(
  rpc: Rpc,
  region: string,
  { address, port, tlsMode }: Wanted,
): Promise<{ port: number; tlsMode: TlsMode } | { reason: string }> {
  if (port !== undefined && tlsMode !== undefined) return { port, tlsMode };
  const { suggestion, advice } = await examineAddress(rpc, { address, port, region });
  return suggestion ?? { reason: advice ?? "No API port answers" };
}

async function managedAt({ db, tenantId }: Scope, address: string) {
  const [row] = await db.tenant(tenantId, (sql) =>
    sql<{ deviceId: string; name: string }[]>`
      select d.id as "deviceId", coalesce(d.name, nullif(l.identity, ''), d.address) as name
      from devices d left join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id
      where d.address = ${address} and d.retired_at is null limit 1`);
  return row;
}

/** The same serial number and identity: one router, whatever its address. */
async function managedBySerial(
  { db, tenantId }: Scope,
  serialNumber: string | null,
  identity: string,
) {
  if (serialNumber === null || serialNumber === "") return undefined;
  const [row] = await db.tenant(
    tenantId,
    (sql) =>
      sql<{ deviceId: string; name: string; address: string; isRetired: boolean }[]>`
      select d.id as "deviceId", d.address, d.retired_at is not null as "isRetired",
        coalesce(d.name, nullif(l.identity, ''), d.address) as name
      from device_latest l join devices d on d.tenant_id = l.tenant_id and d.id = l.device_id
      where l.serial_number = ${serialNumber} and l.identity = ${identity}
      order by d.retired_at is not null limit 1`,
  );
  return row;
}
