import type { MiddlewareHandler } from "hono";
import { SSO_CALLBACK_PATH } from "@/core/contract/sso.ts";
import { Forbidden } from "@/core/errors.ts";

const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** An id a request, in logs and in every problem answer. */
export function requestId(): MiddlewareHandler {
  return async (c, next) => {
    const id = crypto.randomUUID();
    c.set("requestId", id);
    await next();
    c.header("x-request-id", id);
  };
}

/**
 * Refuses forms and scripts of other origins (CSRF): a cookie comes along whoever wrote the page. What
 * carries an API key of its own is let through for the origins that CORS allows.
 */
export function sameOrigin(
  { publicUrl, corsOrigins }: { publicUrl: string | null; corsOrigins: readonly string[] },
): MiddlewareHandler {
  const publicHost = publicUrl && new URL(publicUrl).host.toLowerCase();
  return async (c, next) => {
    const origin = c.req.header("origin");
    if (origin !== undefined && corsOrigins.includes(origin) && !c.req.header("cookie")) {
      return await next();
    }
    const host = (c.req.header("host") ?? new URL(c.req.url).host).toLowerCase();
    const from = origin?.replace(/^https?:\/\//, "").toLowerCase();
    const isForeign = from !== undefined && from !== host && from !== publicHost;
    const site = c.req.header("sec-fetch-site");
    const isCrossSite = site === "cross-site" || site === "same-site";
    // A page that somebody goes to: no script of another site can read or embed it.
    const isComingBack = c.req.method === "GET" && c.req.path === SSO_CALLBACK_PATH && !isForeign &&
      (c.req.header("sec-fetch-dest") ?? "document") === "document";
    if (isComingBack) return await next();
    if (
      (isForeign || isCrossSite) && (CHANGES.has(c.req.method) || c.req.path.startsWith("/api/"))
    ) {
      throw new Forbidden("Cannot accept this request as it comes from another site");
    }
    await next();
  };
}
