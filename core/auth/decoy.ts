import { createHmac, randomBytes } from "node:crypto";
import { ITERATIONS, SALT_BYTES, SRP_GROUP, type Verifier } from "@/core/contract/auth.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { TenantId } from "@/core/scope.ts";
import { toBytes, toNumber } from "@/core/srp/arithmetic.ts";
import { GROUP_2048 } from "@/core/srp/group.ts";
import { ensureDefaultTenant } from "@/core/tenants/tenants.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";

const NAME = "decoy";
const CONTEXT = "secret:decoy";

/** What an account that is not there answers with. */
export interface Decoy {
  readonly identity: string;
  readonly verifier: Verifier;
}

/**
 * Accounts that are not there, told from none: an address has the same salts each time, and a verifier
 * of the group, so that B is as fresh and the server's arithmetic the same as for a real one. Made from
 * a secret of the installation that never changes.
 */
export class Decoys {
  #kept: Promise<{ tenantId: TenantId; secret: Uint8Array }> | undefined;

  constructor(readonly deps: { db: Db; kms: Kms; clock: Clock }) {}

  /** The tenant that stands in for that of nobody's account: where their refusals are audited. */
  async tenantId(): Promise<TenantId> {
    return (await this.#keep()).tenantId;
  }

  /** Read once: an unknown address must not cost a query more than a known one. */
  #keep() {
    this.#kept ??= this.#read().catch((error) => {
      this.#kept = undefined;
      throw error;
    });
    return this.#kept;
  }

  async of(email: string): Promise<Decoy> {
    const { secret } = await this.#keep();
    const address = email.trim().toLowerCase();
    const derive = (what: string) =>
      createHmac("sha256", secret).update(`${what}.${address}`).digest();
    const blocks = Array.from(
      { length: GROUP_2048.bytes / SALT_BYTES },
      (_, index) => derive(`verifier.${index}`).toString("hex"),
    );
    const verifier = toNumber(Uint8Array.fromHex(blocks.join(""))) % GROUP_2048.prime;
    return {
      identity: asUuid(derive("identity")),
      verifier: {
        group: SRP_GROUP,
        srpSalt: derive("srp").toString("hex"),
        pbkdf2Salt: derive("pbkdf2").toString("hex"),
        hkdfSalt: derive("hkdf").toString("hex"),
        iterations: ITERATIONS,
        verifier: toBytes(verifier, GROUP_2048.bytes).toHex(),
      },
    };
  }

  async #read(): Promise<{ tenantId: TenantId; secret: Uint8Array }> {
    const { db, kms, clock } = this.deps;
    const tenantId = await ensureDefaultTenant(db);
    const read = () =>
      db.tenant(tenantId, (sql) =>
        sql<{ ciphertext: Uint8Array }[]>`
        select ciphertext from tenant_secrets where name = ${NAME} and version = 1`);
    let [row] = await read();
    if (!row) {
      const ciphertext = await kms.encrypt(tenantId, randomBytes(32), CONTEXT);
      await db.tenant(tenantId, (sql) =>
        sql`
        insert into tenant_secrets (tenant_id, name, version, ciphertext)
        values (${tenantId}, ${NAME}, 1, ${ciphertext}) on conflict do nothing`);
      [row] = await read();
    }
    const secret = await kms.decrypt(tenantId, row!.ciphertext, CONTEXT);
    const at = new Date(clock.now());
    const noted = { actor: "system:auth", purpose: "login.decoy", secret: "auth.decoy", at };
    await db.tenant(tenantId, (sql) => noteSecretRead(sql, tenantId, noted));
    return { tenantId, secret };
  }
}

/** The form of a random UUID, which ids of accounts have. */
function asUuid(bytes: Uint8Array): string {
  const own = bytes.slice(0, 16);
  own[6] = (own[6]! & 0x0f) | 0x40;
  own[8] = (own[8]! & 0x3f) | 0x80;
  const text = own.toHex();
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]]
    .map(([from, to]) => text.slice(from, to)).join("-");
}
