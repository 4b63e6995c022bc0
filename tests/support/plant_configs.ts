import { storeExport } from "@/core/configs/store_version.ts";
import type { Platform } from "@/core/platform.ts";
import type { TenantId } from "@/core/scope.ts";
import { HOSTILE } from "./hostile_fleet.ts";

const DAY_MS = 86_400_000;

/** Configurations of a router over some days, with hostile words in them and what brought each. */
export async function plantConfigs(
  platform: Platform,
  tenantId: TenantId,
  deviceId: string,
  now: number,
): Promise<void> {
  // What a quoted value of an export may hold as it is.
  const word = HOSTILE.join(" ").replaceAll(/["\\$?\p{Cc}]/gu, "_").slice(0, 400);
  const text = (rules: number) =>
    "# 2026-01-01 00:00:00 by RouterOS 7.18.2\r\n/ip firewall nat\r\n" +
    Array.from(
      { length: rules },
      (_, i) => `add action=dst-nat chain=dstnat comment="${word} ${i}" dst-port=${3_000 + i}\r\n`,
    ).join("") +
    `/ppp secret\r\nadd name="${word}" password=Secret${rules}\r\n`;
  for (let version = 0; version < 4; version += 1) {
    const at = now - (4 - version) * DAY_MS;
    await storeExport({ ...platform, clock: { ...platform.clock, now: () => at } }, {
      ...{ tenantId, deviceId, text: text(version + 1), actor: "system:backups" },
      trigger: version === 0 ? "manual" : "scheduled",
    });
  }
  const at = (days: number) => new Date(now - days * DAY_MS);
  const event = (kind: string, days: number, values: Record<string, string[]>) => ({
    ...{ tenant_id: tenantId, device_id: deviceId, kind, severity: "info", message: "planted" },
    ...{ at: at(days), last_at: at(days), data: { count: 1, values, hasMore: {} } },
  });
  await platform.db.tenant(tenantId, async (sql) => {
    await sql`insert into events ${
      sql([
        event("device.config_changed", 2.5, { by: [word], what: [word] }),
        event("device.login", 1.5, { user: [word], from: ["192.0.2.1"], via: ["winbox"] }),
      ] as never)
    }`;
    await sql`
      insert into config_operations (tenant_id, device_id, kind, operation_id, title, actor,
        began_at, ended_at, outcome, before_version)
      values (${tenantId}, ${deviceId}, 'push', 'x', ${word.slice(0, 200)}, 'user:x', ${at(3.8)},
        ${at(2.9)}, 'reverted', gen_random_uuid())`;
    await sql`
      insert into binary_backups (tenant_id, device_id, version_id, taken_at, trigger, actor,
        routeros_version, board, serial, encryption, bytes, sha256, password)
      select tenant_id, device_id, id, taken_at, 'manual', 'user:x', ${word.slice(0, 40)},
        ${word.slice(0, 80)}, ${word.slice(0, 40)}, 'aes-sha256', 100000, sha256('x'), 'x'
      from config_versions where device_id = ${deviceId}`;
    await sql`
      insert into binary_restores (tenant_id, device_id, backup_id, state, actor, started_at,
        updated_at, ended_at, detail)
      select tenant_id, device_id, id, 'failed', 'user:x', taken_at, taken_at, taken_at, ${word}
      from binary_backups where device_id = ${deviceId}`;
    await sql`
      insert into binary_backup_jobs (tenant_id, device_id, failures, tried_at, detail)
      values (${tenantId}, ${deviceId}, 1, now(), ${word})`;
    await sql`update config_versions set pinned_at = now(), label = ${word.slice(0, 200)}
      where device_id = ${deviceId} and trigger = 'manual'`;
  });
}
