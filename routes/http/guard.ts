import type { MiddlewareHandler } from "hono";
import { Forbidden } from "@/core/errors.ts";

const LOOPBACK = /^(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?$/i;
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
 * Until there is a login, whoever reaches the server is the operator. So only names of this very
 * machine are served: a page elsewhere that points its own DNS name at 127.0.0.1 (DNS rebinding) is
 * refused, and so is a form or script of another origin.
 */
export function localOnly(): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host") ?? new URL(c.req.url).host;
    if (!LOOPBACK.test(host)) {
      throw new Forbidden(
        "Cannot answer as this server is for localhost only until it has a login",
      );
    }
    const origin = c.req.header("origin");
    const isForeign = origin !== undefined && origin !== "null" &&
      origin.replace(/^https?:\/\//, "").toLowerCase() !== host.toLowerCase();
    const site = c.req.header("sec-fetch-site");
    const isCrossSite = site === "cross-site" || site === "same-site";
    const isTrusted = !isForeign && origin !== "null" && !isCrossSite;
    if (!isTrusted && (CHANGES.has(c.req.method) || c.req.path.startsWith("/api/"))) {
      throw new Forbidden("Cannot accept this request as it comes from another site");
    }
    await next();
  };
}
