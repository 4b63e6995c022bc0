import { recordEvents } from "@/core/events/events.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** The key that a router showed at the first contact is the one that counts from now on. */
export async function pinHostKey(
  { db, clock }: { db: Db; clock: Clock },
  tenantId: TenantId,
  deviceId: string,
  hostKey: string,
): Promise<void> {
  await db.tenant(tenantId, async (sql) => {
    const [pinned] = await sql<{ name: string }[]>`
      update devices set ssh_host_key = ${hostKey}
      where id = ${deviceId} and ssh_host_key is null
      returning coalesce(name, address) as name`;
    if (!pinned) return;
    await recordEvents(sql, tenantId, [{
      ...{ at: new Date(clock.now()).toISOString(), kind: "device.ssh_key_pinned" },
      ...{ severity: "info", deviceId, deviceName: pinned.name, data: { hostKey } },
      message: `${pinned.name}: pinned its SSH host key ${hostKey.slice(0, 16)}…`,
    }]);
  });
}
