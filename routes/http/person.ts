import type { Context } from "hono";
import type { Principal } from "@/core/auth/principal.ts";
import { Forbidden } from "@/core/errors.ts";
import type { ApiEnv } from "./env.ts";

/**
 * Who is signed in, for what only a person can ask.
 *
 * @throws {Forbidden} for an API key: it has no account
 */
export function person(c: Context<ApiEnv>): Principal {
  const { principal } = c.var;
  if (!principal) throw new Forbidden("Cannot do this by API key: sign in");
  return principal;
}
