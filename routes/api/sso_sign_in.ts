import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { PENDING_SECONDS } from "@/core/auth/sso/pending.ts";
import { finishSso, LinkFailed } from "@/core/auth/sso/finish_sso.ts";
import type { SsoDeps } from "@/core/auth/sso/sso_deps.ts";
import { SsoFailed } from "@/core/auth/sso/sso_failed.ts";
import { startSso } from "@/core/auth/sso/start_sso.ts";
import type { Logger } from "@/core/log.ts";
import { ownPath } from "@/islands/auth/sign_in_link.ts";
import { apiModule, COMMON_PROBLEMS, publicRoute } from "../http/api_route.ts";
import { type Authentication, clientOf } from "../http/authenticate.ts";
import { SsoCookie } from "../http/sso_cookie.ts";

export interface SsoApiDeps extends Authentication {
  sso: SsoDeps;
  log: Logger;
}

const REDIRECT = { 302: { description: "To the provider, a page, or the sign-in page" } } as const;
const text = z.string().max(4_096).optional();

const start = publicRoute({
  method: "get",
  path: "/start",
  tags: ["auth"],
  summary: "Sign in by your organisation",
  description: "For browsers: goes to the provider of the tenant with this short name.",
  request: { query: z.object({ tenant: text, provider: text, next: text }) },
  responses: { ...REDIRECT, ...COMMON_PROBLEMS },
});
const callback = publicRoute({
  method: "get",
  path: "/callback",
  tags: ["auth"],
  summary: "Come back from your organisation",
  description: "For browsers: the redirect URI of every provider.",
  responses: { ...REDIRECT, ...COMMON_PROBLEMS },
});

/** `/api/auth/sso`, the part that needs no credential. Answers are redirects: people read these. */
export function ssoSignInApi({ sso, log, cookies, ...place }: SsoApiDeps) {
  const client = (c: Context) => clientOf(c, place);
  const pending = new SsoCookie(cookies.isSecure);
  /** Only a word of a fixed list goes into the address. */
  function refuse(c: Context, error: unknown) {
    if (!(error instanceof SsoFailed)) throw error;
    const { problem } = error;
    if (error.cause !== undefined) {
      const requestId = c.get("requestId") as string | undefined;
      log.warn("a single sign-on failed", { problem, requestId, error: error.cause });
    }
    c.header("cache-control", "no-store");
    const page = error instanceof LinkFailed ? "/account" : "/login";
    return c.redirect(`${page}?sso=${problem}`, 302);
  }
  return apiModule()
    .openapi(start, async (c) => {
      const { tenant = "", provider, next } = c.req.valid("query");
      try {
        const begun = await startSso(sso, {
          ...{ slug: tenant.trim().toLowerCase(), providerId: provider, next: ownPath(next) },
        }, client(c));
        pending.set(c, begun.browser, PENDING_SECONDS);
        c.header("cache-control", "no-store");
        return c.redirect(begun.url, 302);
      } catch (error) {
        return refuse(c, error);
      }
    })
    .openapi(callback, async (c) => {
      const browser = pending.take(c);
      try {
        const { search } = new URL(c.req.url);
        const result = await finishSso(sso, { search, browser }, client(c));
        if (result.kind === "signed-in") cookies.set(c, result.tokens);
        c.header("cache-control", "no-store");
        return c.redirect(result.next, 302);
      } catch (error) {
        return refuse(c, error);
      }
    });
}
