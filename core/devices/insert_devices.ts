import type { NewDevice } from "@/core/contract/device.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { loginRow, type ReadyLogin } from "./credential.ts";

/** A device that is ready to be stored: its login is encrypted. */
export interface ReadyDevice {
  id: string;
  device: Omit<NewDevice, "username" | "password" | "profileId" | "site" | "tags" | "groups">;
  login: ReadyLogin;
  siteId: string | null;
  tagIds: readonly string[];
}

/** Stores devices with their credentials; answers the ids of those whose address and port were free. */
export async function insertDevices(
  sql: Sql,
  tenantId: TenantId,
  ready: readonly ReadyDevice[],
): Promise<Set<string>> {
  if (ready.length === 0) return new Set();
  const rows = ready.map(({ id, device, siteId }) => ({
    id,
    tenant_id: tenantId,
    name: device.name ?? null,
    address: device.address,
    port: device.port ?? (device.tlsMode === "plain" ? 8728 : 8729),
    tls_mode: device.tlsMode,
    tls_ca: device.tlsCa ?? null,
    ssh_port: device.sshPort ?? 22,
    region: device.region,
    site_id: siteId,
    poll_interval_seconds: device.pollIntervalSeconds ?? null,
  }));
  const stored = await sql<{ id: string }[]>`
    insert into devices ${
    sql(rows)
  } on conflict (tenant_id, address, port) where retired_at is null do nothing returning id`;
  const ids = new Set(stored.map(({ id }) => id));
  const kept = ready.filter(({ id }) => ids.has(id));
  if (kept.length === 0) return ids;
  await sql`
    insert into device_credentials ${
    sql(kept.map(({ id, login }) => loginRow(tenantId, id, login)))
  }`;
  await sql`
    insert into device_latest ${
    sql(kept.map(({ id }) => ({ tenant_id: tenantId, device_id: id })))
  }`;
  const tags = kept.flatMap(({ id, tagIds }) => tagIds.map((tagId) => [id, tagId] as const));
  await sql`
    insert into device_tags (tenant_id, device_id, tag_id)
    select ${tenantId}, * from unnest(${tags.map(([id]) => id)}::uuid[],
      ${tags.map(([, tagId]) => tagId)}::uuid[])
    on conflict do nothing`;
  return ids;
}
