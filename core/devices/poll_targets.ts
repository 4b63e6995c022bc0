import { NotFound } from "@/core/errors.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { decryptLogin, profileContext } from "@/core/credentials/login.ts";
import type { TenantId } from "@/core/scope.ts";
import type { PollerRead } from "@/core/transparency/poller_reads.ts";
import { credentialContext } from "./credential.ts";
import type { DeviceCredential, PollTarget } from "./poll_target.ts";

/** Every device of a region, of every tenant. Named system path: `poller_user` reads no more than this. */
export async function listPollTargets(db: Db, region: string): Promise<PollTarget[]> {
  return await db.poller((sql) =>
    sql<PollTarget[]>`select ${columns(sql)} where region = ${region} order by d.id`
  );
}

/** The devices of a region that log in with a profile. Named system path. */
export async function listProfileTargets(
  db: Db,
  region: string,
  { tenantId, profileId }: { tenantId: TenantId; profileId: string },
): Promise<PollTarget[]> {
  return await db.poller((sql) =>
    sql<PollTarget[]>`
      select ${columns(sql)}
      where c.tenant_id = ${tenantId} and c.profile_id = ${profileId} and region = ${region}`
  );
}

/** One device as it is now; `undefined` when it is gone. Named system path. */
export async function getPollTarget(db: Db, deviceId: string): Promise<PollTarget | undefined> {
  return await db.poller(async (sql) => {
    const [target] = await sql<PollTarget[]>`
      select ${columns(sql)} where d.id = ${deviceId}`;
    return target;
  });
}

/** Where reads of credentials are noted. */
export interface CredentialReads {
  note(read: PollerRead): void;
}

/**
 * The clear credential of a device: for the moment of a login, never logged, never stored. Each read is
 * noted with its purpose, for the transparency log.
 *
 * @throws {NotFound} if the device has none
 * @throws {DecryptFailed} if the stored bytes are damaged or belong elsewhere
 */
export async function readCredential(
  db: Db,
  kms: Kms,
  target: Pick<PollTarget, "tenantId" | "deviceId">,
  { reads, purpose }: { reads: CredentialReads; purpose: PollerRead["purpose"] },
): Promise<DeviceCredential> {
  const { tenantId, deviceId } = target;
  const [row] = await db.poller((sql) =>
    sql<{ ciphertext: Uint8Array; profileId: string | null }[]>`
      select coalesce(c.ciphertext, p.ciphertext) as ciphertext, c.profile_id as "profileId"
      from device_credentials c
      left join credential_profiles p on p.tenant_id = c.tenant_id and p.id = c.profile_id
      where c.tenant_id = ${tenantId} and c.device_id = ${deviceId}`
  );
  if (!row) throw new NotFound(`Cannot log in to device ${deviceId} as it has no credential`);
  const { ciphertext, profileId } = row;
  const context = profileId === null ? credentialContext(deviceId) : profileContext(profileId);
  const login = await decryptLogin(kms, tenantId, context, ciphertext);
  reads.note({ tenantId, deviceId, purpose });
  return login;
}

/**
 * The clear login of a profile, to try it on an address that is no device yet. Who asked for it noted
 * the read: the poller knows no device to note it for.
 *
 * @throws {NotFound} if there is no such profile
 */
export async function readProfileLogin(
  db: Db,
  kms: Kms,
  { tenantId, profileId }: { tenantId: TenantId; profileId: string },
): Promise<DeviceCredential> {
  const [row] = await db.poller((sql) =>
    sql<{ ciphertext: Uint8Array }[]>`
      select ciphertext from credential_profiles
      where tenant_id = ${tenantId} and id = ${profileId}`
  );
  if (!row) throw new NotFound("Cannot log in: the credential profile is gone");
  return await decryptLogin(kms, tenantId, profileContext(profileId), row.ciphertext);
}

function columns(sql: Sql) {
  return sql`d.tenant_id as "tenantId", d.id as "deviceId", address, port, tls_mode as "tlsMode",
    tls_fingerprint as "tlsFingerprint", tls_ca as "tlsCa",
    ssh_port as "sshPort", ssh_host_key as "sshHostKey", region,
    poll_interval_seconds as "pollIntervalSeconds",
    is_enabled and t.is_active and d.retired_at is null as "isEnabled",
    d.revision, nullif(concat_ws(' ', c.updated_at::text, p.secret_at::text), '')
      as "credentialAt"
    from devices d join tenants t on t.id = d.tenant_id
    left join device_credentials c
      on c.tenant_id = d.tenant_id and c.device_id = d.id
    left join credential_profiles p on p.tenant_id = c.tenant_id and p.id = c.profile_id`;
}
