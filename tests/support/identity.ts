import type { AuthDeps, Client } from "@/core/auth/deps.ts";
import { createLink } from "@/core/auth/links.ts";
import { enrol } from "@/core/auth/enrol.ts";
import { finishLogin, startLogin } from "@/core/auth/login.ts";
import type { RoleName } from "@/core/auth/roles.ts";
import { ITERATIONS, SRP_GROUP, type Verifier } from "@/core/contract/auth.ts";
import type { TenantId } from "@/core/scope.ts";
import { finishClient, makeVerifier, startClient } from "@/core/srp/client.ts";

export const CLIENT: Client = {
  address: "192.0.2.50",
  userAgent: "test",
  requestId: "00000000-0000-4000-8000-000000000001",
  origin: "http://localhost:8080",
};

const randomHex = () => crypto.getRandomValues(new Uint8Array(32)).toHex();

/** A verifier for an x that a test chose itself: the slow derivation is tested where it lives. */
export function verifierFor(x: Uint8Array): Verifier {
  return {
    group: SRP_GROUP,
    verifier: makeVerifier(x),
    srpSalt: randomHex(),
    pbkdf2Salt: randomHex(),
    hkdfSalt: randomHex(),
    iterations: ITERATIONS,
  };
}

export interface TestUser {
  id: string;
  tenantId: TenantId;
  email: string;
  /** What a browser would derive from password and Secret Key. */
  x: Uint8Array;
  recoveryCodes: string[];
}

let made = 0;

/** A user who came by invitation and enrolled. */
export async function makeUser(
  deps: AuthDeps,
  tenantId: TenantId,
  role: RoleName = "admin",
  { permissions = [] }: { permissions?: readonly string[] } = {},
): Promise<TestUser> {
  const email = `user${++made}@example.net`;
  const [id, token] = await deps.db.tenant(tenantId, async (sql) => {
    const [custom] = role === "custom"
      ? await sql<{ id: string }[]>`
        insert into custom_roles (tenant_id, name, permissions)
        values (${tenantId}, ${`role of ${email}`}, ${permissions as string[]}) returning id`
      : [];
    const [user] = await sql<{ id: string }[]>`
      insert into users (tenant_id, email, name, role, custom_role_id)
      values (${tenantId}, ${email}, ${email}, ${role}, ${custom?.id ?? null}) returning id`;
    const now = deps.clock.now();
    const link = await createLink(sql, tenantId, {
      ...{ purpose: "invite", userId: user!.id, createdBy: "system:test", now },
    });
    return [user!.id, link.token] as const;
  });
  const x = crypto.getRandomValues(new Uint8Array(32));
  const { recoveryCodes } = await enrol(deps, token, verifierFor(x), CLIENT);
  return { id, tenantId, email, x, recoveryCodes };
}

/** Both steps of a sign-in, as a browser does them. */
export async function signIn(
  deps: AuthDeps,
  { email, x }: Pick<TestUser, "email" | "x">,
  client: Client = CLIENT,
) {
  const start = startClient();
  const challenge = await startLogin(deps, { email, A: start.A }, client);
  const { identity, srpSalt, B, handshake } = challenge;
  const proof = await finishClient(start, { identity, salt: srpSalt, B, x });
  const result = await finishLogin(deps, { handshake, M1: proof.M1 }, client);
  return { challenge, proof, result };
}
