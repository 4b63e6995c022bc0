import type { Context } from "hono";
import { verifyAccessToken } from "@/core/auth/access_token.ts";
import type { AuthDeps, Client } from "@/core/auth/deps.ts";
import { readPrincipal } from "@/core/auth/principal.ts";
import { Unauthenticated } from "@/core/errors.ts";
import type { Scope } from "@/core/scope.ts";
import type { AddressOf } from "./client_address.ts";
import type { ApiEnv } from "./env.ts";
import type { SessionCookies } from "./session_cookies.ts";

const KEY_PREFIX = "mktp_";

/** Finds who an API key speaks for; `undefined`: it is worth nothing (any more), or not from there. */
export type FindKey = (token: string, client: Client) => Promise<Scope | undefined>;

export interface Authentication {
  auth: AuthDeps;
  cookies: SessionCookies;
  addressOf: AddressOf;
  findKey: FindKey;
  /** How people reach us; `null`: as this very request did. */
  publicUrl: string | null;
}

export function clientOf(
  c: Context,
  { addressOf, publicUrl }: Pick<Authentication, "addressOf" | "publicUrl">,
): Client {
  return {
    origin: publicUrl ?? new URL(c.req.url).origin,
    address: addressOf(c),
    userAgent: c.req.header("user-agent") ?? null,
    requestId: (c.get("requestId") as string | undefined) ?? crypto.randomUUID(),
  };
}

/**
 * Who asks, by API key, bearer token or session cookie. What they may do is read from the database each
 * time, so what was taken from them is gone with the next request. No header or parameter chooses a
 * tenant.
 *
 * @throws {Unauthenticated}
 */
export function authenticate(
  { auth, cookies, findKey, ...place }: Authentication,
): (c: Context<ApiEnv>) => Promise<Scope> {
  return async (c) => {
    const client = clientOf(c, place);
    const header = c.req.header("authorization");
    const [, bearer] = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(header ?? "") ?? [];
    if (header !== undefined && bearer === undefined) {
      throw new Unauthenticated("Cannot read this credential: send Authorization: Bearer <key>");
    }
    if (bearer?.startsWith(KEY_PREFIX)) {
      const scope = await findKey(bearer, client);
      if (!scope) {
        throw new Unauthenticated(
          "Cannot use this API key: it is unknown, expired or revoked, or not allowed from here",
        );
      }
      return scope;
    }
    const token = bearer ?? cookies.access(c);
    if (!token) throw new Unauthenticated("Cannot answer before you sign in");
    const claims = await verifyAccessToken(auth, token);
    const principal = claims && await readPrincipal(auth.db, claims, auth.clock.now());
    if (!principal) throw new Unauthenticated("Cannot go on as the session is over: sign in again");
    c.set("principal", principal);
    return {
      db: auth.db,
      tenantId: principal.tenantId,
      actor: `user:${principal.userId}`,
      permissions: principal.permissions,
      requestId: client.requestId,
      ip: client.address,
    };
  };
}
