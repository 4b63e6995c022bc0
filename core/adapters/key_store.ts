import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

export interface WrappedKey {
  version: number;
  wrappedKey: Uint8Array;
}

/** Where the file KMS keeps its tenants' wrapped data keys. */
export interface KeyStore {
  /** Every version, newest first. */
  read(tenantId: TenantId): Promise<WrappedKey[]>;
  /** Adds a version; `false` when somebody else added it first. */
  add(tenantId: TenantId, key: WrappedKey): Promise<boolean>;
  remove(tenantId: TenantId): Promise<void>;
}

/** The table `tenant_keys`. A poller-only process reads it by policies of its own and never writes. */
export class DbKeyStore implements KeyStore {
  constructor(readonly db: Db, readonly isPollerOnly: boolean) {}

  async read(tenantId: TenantId): Promise<WrappedKey[]> {
    const select = (sql: Parameters<Parameters<Db["poller"]>[0]>[0]) =>
      sql<WrappedKey[]>`
        select version, wrapped_key as "wrappedKey" from tenant_keys
        where tenant_id = ${tenantId} order by version desc`;
    return this.isPollerOnly
      ? await this.db.poller(select)
      : await this.db.tenant(tenantId, select);
  }

  async add(tenantId: TenantId, { version, wrappedKey }: WrappedKey): Promise<boolean> {
    const rows = await this.db.tenant(tenantId, (sql) =>
      sql`
        insert into tenant_keys (tenant_id, version, wrapped_key)
        values (${tenantId}, ${version}, ${wrappedKey})
        on conflict do nothing returning version`);
    return rows.length > 0;
  }

  async remove(tenantId: TenantId): Promise<void> {
    await this.db.tenant(
      tenantId,
      (sql) => sql`delete from tenant_keys where tenant_id = ${tenantId}`,
    );
  }
}
