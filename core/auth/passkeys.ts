import { Buffer } from "node:buffer";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { InvalidInput } from "@/core/errors.ts";
import type { Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

/** The site a passkey is bound to: a browser signs for no other. */
export interface Site {
  /** `https://tod.example.net`. */
  readonly origin: string;
}

interface StoredPasskey {
  id: string;
  credentialId: Buffer;
  publicKey: Uint8Array;
  signCount: string;
  transports: string[];
}

const relyingParty = ({ origin }: Site) => new URL(origin).hostname;
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

async function passkeysOf(sql: Sql, userId: string): Promise<StoredPasskey[]> {
  return await sql<StoredPasskey[]>`
    select id, credential_id as "credentialId", public_key as "publicKey",
      sign_count::text as "signCount", transports
    from second_factors where user_id = ${userId} and kind = 'passkey'`;
}

function described(passkeys: readonly StoredPasskey[]) {
  return passkeys.map(({ credentialId, transports }) => ({
    id: base64url(credentialId),
    transports: transports as AuthenticatorTransport[],
  }));
}

/** What the browser needs to make a passkey; its challenge is kept by the caller, for one use. */
export async function passkeyCreation(
  sql: Sql,
  site: Site,
  { userId, email, name }: { userId: string; email: string; name: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return await generateRegistrationOptions({
    rpName: "TOD",
    rpID: relyingParty(site),
    userName: email,
    userDisplayName: name,
    userID: new TextEncoder().encode(userId),
    attestationType: "none",
    excludeCredentials: described(await passkeysOf(sql, userId)),
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  });
}

/** @throws {InvalidInput} if the browser's answer does not fit challenge and site */
export async function savePasskey(
  sql: Sql,
  site: Site,
  { tenantId, userId, name, challenge, response, now }: {
    tenantId: TenantId;
    userId: string;
    name: string;
    challenge: string;
    response: RegistrationResponseJSON;
    now: number;
  },
): Promise<string> {
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: relyingParty(site),
    requireUserVerification: false,
  }).catch(() => undefined);
  if (!verified?.verified) {
    throw new InvalidInput("Cannot take this passkey: begin again, on the site's own address");
  }
  const { credential } = verified.registrationInfo;
  const [row] = await sql<{ id: string }[]>`
    insert into second_factors (tenant_id, user_id, kind, name, credential_id, public_key,
      sign_count, transports, confirmed_at, created_at)
    values (${tenantId}, ${userId}, 'passkey', ${name},
      ${Buffer.from(credential.id, "base64url")}, ${Buffer.from(credential.publicKey)},
      ${credential.counter}, ${credential.transports ?? []}, ${new Date(now)}, ${new Date(now)})
    on conflict do nothing returning id`;
  if (!row) throw new InvalidInput("Cannot take this passkey as it is in use already");
  return row.id;
}

/** What the browser needs to sign with one of the user's passkeys. */
export async function passkeyRequest(
  sql: Sql,
  site: Site,
  userId: string,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return await generateAuthenticationOptions({
    rpID: relyingParty(site),
    allowCredentials: described(await passkeysOf(sql, userId)),
    userVerification: "preferred",
  });
}

/** Whether a signature is one of the user's passkeys', over this challenge and for this site. */
export async function takePasskey(
  sql: Sql,
  site: Site,
  { userId, challenge, response, now }: {
    userId: string;
    challenge: string;
    response: AuthenticationResponseJSON;
    now: number;
  },
): Promise<boolean> {
  const passkey = (await passkeysOf(sql, userId))
    .find(({ credentialId }) => base64url(credentialId) === response.id);
  if (!passkey) return false;
  const verified = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: site.origin,
    expectedRPID: relyingParty(site),
    requireUserVerification: false,
    credential: {
      id: response.id,
      publicKey: Uint8Array.from(passkey.publicKey),
      counter: Number(passkey.signCount),
    },
  }).catch(() => undefined);
  if (!verified?.verified) return false;
  await sql`
    update second_factors set sign_count = ${verified.authenticationInfo.newCounter},
      last_used_at = ${new Date(now)}
    where id = ${passkey.id}`;
  return true;
}
