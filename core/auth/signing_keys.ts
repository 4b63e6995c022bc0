import { randomBytes } from "node:crypto";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";

const NAME = "session-signing";
const CONTEXT = "secret:session-signing";
const DAY_MS = 86_400_000;
/** A new key signs after this; older ones still verify until nothing signed by them can be valid. */
const NEW_AFTER_MS = 90 * DAY_MS;
const KEPT_MS = 8 * DAY_MS;
/** Another instance may have made a newer key: so long at most it goes unnoticed. */
const CACHED_MS = 300_000;

export interface SigningKey {
  /** Key id, as tokens name it. */
  readonly kid: string;
  readonly bytes: Uint8Array;
}

interface Ring {
  newest: SigningKey;
  byKid: ReadonlyMap<string, SigningKey>;
}

/**
 * The keys that sign access and refresh tokens: the installation's, shared by every api instance, kept
 * in the database under the first tenant's KMS key.
 */
export class SigningKeys {
  #ring: Promise<Ring> | undefined;
  #until = 0;

  constructor(readonly deps: { db: Db; kms: Kms; clock: Clock }) {}

  /** The key that signs now; made if there is none. */
  async newest(): Promise<SigningKey> {
    return (await this.#read()).newest;
  }

  /** `undefined`: no such key, or not any more. */
  async byKid(kid: string): Promise<SigningKey | undefined> {
    const found = (await this.#read()).byKid.get(kid);
    if (found) return found;
    // Made by another instance a moment ago? A forger can ask this only once in a while.
    if (!/^\d{1,9}$/.test(kid) || this.#until - this.deps.clock.monotonic() > CACHED_MS - 5_000) {
      return undefined;
    }
    this.#ring = undefined;
    return (await this.#read()).byKid.get(kid);
  }

  #read(): Promise<Ring> {
    const now = this.deps.clock.monotonic();
    if (!this.#ring || now >= this.#until) {
      this.#until = now + CACHED_MS;
      this.#ring = this.#load().catch((error) => {
        this.#ring = undefined; // what it stands on may be back for the next request
        throw error;
      });
    }
    return this.#ring;
  }

  async #load(): Promise<Ring> {
    const { db, kms, clock } = this.deps;
    const tenantId = await ensureDefaultTenant(db);
    let rows = await readRows(db, tenantId);
    const newestAt = rows[0]?.createdAt.getTime() ?? -Infinity;
    if (clock.now() - newestAt > NEW_AFTER_MS) {
      const ciphertext = await kms.encrypt(tenantId, randomBytes(32), CONTEXT);
      // Two instances may do this at once: the first one's key is everybody's.
      await db.tenant(tenantId, (sql) =>
        sql`
        insert into tenant_secrets (tenant_id, name, version, ciphertext, created_at)
        values (${tenantId}, ${NAME}, ${(rows[0]?.version ?? 0) + 1}, ${ciphertext},
          ${new Date(clock.now())})
        on conflict do nothing`);
      rows = await readRows(db, tenantId);
    }
    // A key signed until the next one was made.
    const usable = rows.filter((_, index) =>
      index === 0 || rows[index - 1]!.createdAt.getTime() + KEPT_MS > clock.now()
    );
    const keys = await Promise.all(usable.map(async ({ version, ciphertext }) => ({
      kid: String(version),
      bytes: await kms.decrypt(tenantId, ciphertext, CONTEXT),
    })));
    const at = new Date(clock.now());
    const read = { actor: "system:auth", purpose: "session.sign", secret: "auth.signing_key", at };
    await db.tenant(tenantId, (sql) => noteSecretRead(sql, tenantId, read));
    return {
      newest: keys[0]!,
      byKid: new Map(keys.map((key) => [key.kid, key])),
    };
  }
}

interface KeyRow {
  version: number;
  ciphertext: Uint8Array;
  createdAt: Date;
}

function readRows(db: Db, tenantId: TenantId): Promise<KeyRow[]> {
  return db.tenant(tenantId, (sql) =>
    sql<KeyRow[]>`
    select version, ciphertext, created_at as "createdAt" from tenant_secrets
    where name = ${NAME} order by version desc limit 5`);
}
