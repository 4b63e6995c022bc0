import type { Device } from "@/core/contract/device.ts";
import { Conflict, InvalidInput } from "@/core/errors.ts";
import { TABLES_WITHOUT_KEY } from "@/core/metric_tables.ts";
import type { Sql } from "@/core/ports/db.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { announceChange } from "./changes.ts";
import { type DeviceDeps, readDevice } from "./devices.ts";
import { tellChange } from "./tell_change.ts";

/**
 * Takes a router out of service: it is not polled and not counted, and its address is free. What was
 * known and measured stays. Retiring twice changes nothing.
 */
export async function retireDevice(scope: Scope, deps: DeviceDeps, id: string): Promise<Device> {
  demand(scope, "devices:write");
  const [device, isNew] = await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await readDevice(sql, id);
    if (before.retiredAt) return [before, false] as const;
    await markRetired(sql, [id], new Date(deps.clock.now()));
    const after = await readDevice(sql, id);
    const message = `${after.name} was retired`;
    await tellChange(
      ...[sql, scope, deps, after, "device.retired"] as const,
      message,
      placeOf(after),
    );
    return [after, true] as const;
  });
  if (isNew) announce(scope, deps, device, "upsert");
  return device;
}

/**
 * Puts a retired router back: it is polled again as it was.
 *
 * @throws {Conflict} if another one is managed at its address by now
 */
export async function restoreDevice(scope: Scope, deps: DeviceDeps, id: string): Promise<Device> {
  demand(scope, "devices:write");
  const [device, isNew] = await scope.db.tenant(scope.tenantId, async (sql) => {
    const before = await readDevice(sql, id);
    if (!before.retiredAt) return [before, false] as const;
    const restored = await markRestored(sql, [id], new Date(deps.clock.now()));
    if (!restored.has(id)) {
      throw new Conflict(
        `Cannot restore ${before.name}: another router is managed at ${before.address} port ` +
          `${before.port}. Retire that one, or change the address of this one first`,
      );
    }
    const after = await readDevice(sql, id);
    const message = `${after.name} was restored`;
    await tellChange(
      ...[sql, scope, deps, after, "device.restored"] as const,
      message,
      placeOf(after),
    );
    return [after, true] as const;
  });
  if (isNew) announce(scope, deps, device, "upsert");
  return device;
}

/**
 * Deletes a retired router for good, with its login, state, metrics and history of status. Events and
 * audit entries stay.
 *
 * @param typed its name or its address, as somebody typed it who means it
 * @throws {Conflict} for one that is in service
 */
export async function removeDevice(
  scope: Scope,
  deps: DeviceDeps,
  id: string,
  typed: string,
): Promise<void> {
  demand(scope, "devices:write");
  const removed = await scope.db.tenant(scope.tenantId, async (sql) => {
    const device = await readDevice(sql, id);
    if (!device.retiredAt) {
      throw new Conflict(`Cannot delete ${device.name} as it is in service: retire it first`);
    }
    if (![device.name, device.address].some((known) => sameText(known, typed))) {
      throw new InvalidInput(`Cannot delete ${device.name}`, [
        { path: "name", message: `must be its name or its address, ${device.address}` },
      ]);
    }
    await sql`delete from devices where id = ${id}`;
    for (const table of TABLES_WITHOUT_KEY) {
      await sql`delete from ${sql(table)} where device_id = ${id}`;
    }
    const message = `${device.name} was deleted`;
    await tellChange(
      ...[sql, scope, deps, device, "device.removed"] as const,
      message,
      placeOf(device),
    );
    return device;
  });
  announce(scope, deps, removed, "removed");
}

/** Only those in service; what their status was ends here. Answers the ids of those it retired. */
export async function markRetired(
  sql: Sql,
  ids: readonly string[],
  at: Date,
): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    update devices set retired_at = ${at}, updated_at = ${at}, revision = revision + 1
    where id = any(${ids as string[]}::uuid[]) and retired_at is null returning id`;
  const retired = rows.map(({ id }) => id);
  await sql`
    insert into device_status_changes (tenant_id, device_id, at, status, reason)
    select tenant_id, id, ${at}, 'unknown', 'retired' from devices
    where id = any(${retired}::uuid[]) on conflict do nothing`;
  await sql`
    update device_latest set status = 'unknown', reason = 'retired', status_detail = null,
      status_since = ${at} where device_id = any(${retired}::uuid[])`;
  return new Set(retired);
}

/** Those whose address is still free, and of two at one address the one retired last. */
export async function markRestored(
  sql: Sql,
  ids: readonly string[],
  at: Date,
): Promise<Set<string>> {
  const rows = await sql<{ id: string }[]>`
    update devices d set retired_at = null, updated_at = ${at}, revision = revision + 1
    where d.id in (
      select distinct on (r.address, r.port) r.id from devices r
      where r.id = any(${ids as string[]}::uuid[]) and r.retired_at is not null
        and not exists (select from devices o where o.tenant_id = r.tenant_id
          and o.address = r.address and o.port = r.port and o.retired_at is null)
      order by r.address, r.port, r.retired_at desc, r.id)
    returning d.id`;
  const restored = rows.map(({ id }) => id);
  await sql`
    update device_latest set status = 'pending', reason = 'never_polled', status_detail = null,
      status_since = ${at} where device_id = any(${restored}::uuid[])`;
  return new Set(restored);
}

/** For the audit log: another may be managed there later. */
const placeOf = ({ address, port }: Device) => ({ address, port });

function announce(
  { tenantId }: Scope,
  { bus }: DeviceDeps,
  { id: deviceId, region }: Device,
  change: "upsert" | "removed",
): void {
  announceChange(bus, region, { tenantId, deviceId, change });
}

/** As people compare: how a name's spaces and letters are encoded does not show. */
function sameText(known: string, typed: string): boolean {
  const plain = (text: string) => text.normalize("NFKC").replace(/\s+/g, " ").trim();
  return plain(known) === plain(typed);
}
