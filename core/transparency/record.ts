import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** A secret was decrypted. */
export interface SecretRead {
  /** `user:<id>`, `key:<id>`, `system:<name>`, `poller:<name>`. */
  actor: string;
  /** Why: `poll`, `command`, `audit.view` … */
  purpose: string;
  /** Which kind of secret: `device.credential`, `audit.details` … never the secret. */
  secret: string;
  deviceId?: string | undefined;
  requestId?: string | undefined;
  at: Date;
}

/**
 * Counts a read, in the transaction that made it: one row an hour (a day for `poll`) and actor,
 * purpose, secret and device.
 */
export async function noteSecretRead(
  sql: Sql,
  tenantId: TenantId,
  read: SecretRead,
): Promise<void> {
  const { actor, purpose, secret, deviceId, requestId, at } = read;
  const unit = purpose === "poll" ? "day" : "hour";
  const time = at.toISOString();
  await sql`
    insert into secret_reads (tenant_id, bucket, actor, purpose, secret, device_id, count,
                              first_at, last_at, last_request_id)
    values (${tenantId}, date_trunc(${unit}, ${time}::text::timestamptz, 'UTC'), ${actor},
            ${purpose}, ${secret}, ${deviceId ?? null}, 1, ${time}::text::timestamptz,
            ${time}::text::timestamptz, ${requestId ?? null})
    on conflict (tenant_id, bucket, actor, purpose, secret, device_id) do update
      set count = secret_reads.count + 1,
          first_at = least(secret_reads.first_at, excluded.first_at),
          last_at = greatest(secret_reads.last_at, excluded.last_at),
          last_request_id = coalesce(excluded.last_request_id, secret_reads.last_request_id)`;
}
