import { errors, jwtVerify, SignJWT } from "jose";
import type { Clock } from "@/core/ports/clock.ts";
import type { TenantId } from "@/core/scope.ts";
import type { SigningKeys } from "./signing_keys.ts";

const ISSUER = "tod";
const AUDIENCE = "tod-api";
export const ACCESS_LIFE_SECONDS = 15 * 60;

/** What an access token says. What its bearer may do is looked up, never read from it. */
export interface AccessClaims {
  readonly sessionId: string;
  readonly userId: string;
  /** The tenant the user belongs to. */
  readonly homeTenantId: TenantId;
}

export async function signAccessToken(
  { keys, clock }: { keys: SigningKeys; clock: Clock },
  { sessionId, userId, homeTenantId }: AccessClaims,
): Promise<string> {
  const { kid, bytes } = await keys.newest();
  const now = Math.floor(clock.now() / 1_000);
  return await new SignJWT({ sid: sessionId, tid: homeTenantId })
    .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid })
    .setIssuer(ISSUER).setAudience(AUDIENCE).setSubject(userId)
    .setIssuedAt(now).setExpirationTime(now + ACCESS_LIFE_SECONDS).setJti(crypto.randomUUID())
    .sign(bytes);
}

/** The claims of a token that is ours and in time; `undefined` of any other, whatever is wrong. */
export async function verifyAccessToken(
  { keys, clock }: { keys: SigningKeys; clock: Clock },
  token: string,
): Promise<AccessClaims | undefined> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = await keys.byKid(kid ?? "");
        if (!key) throw new errors.JWSSignatureVerificationFailed("unknown key");
        return key.bytes;
      },
      {
        algorithms: ["HS256"],
        typ: "at+jwt",
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ["sub", "exp", "jti"],
        currentDate: new Date(clock.now()),
      },
    );
    const { sid, tid, sub } = payload;
    if (typeof sid !== "string" || typeof tid !== "string") return undefined;
    return { sessionId: sid, userId: sub!, homeTenantId: tid as TenantId };
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
