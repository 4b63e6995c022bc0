import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { AppError, type ErrorCode, InvalidInput, TooManyRequests } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";

/** A code without a status does not compile. */
const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  not_found: 404,
  forbidden: 403,
  unauthenticated: 401,
  conflict: 409,
  precondition_failed: 412,
  invalid_input: 422,
  too_many_requests: 429,
  device_refused: 502,
  device_unreachable: 504,
  unavailable: 503,
};

export function statusOf(error: unknown): ContentfulStatusCode | undefined {
  return error instanceof AppError ? STATUS[error.code] : undefined;
}

/** The one place where an error becomes an HTTP answer (RFC 9457). Unknown errors stay vague. */
export function problem(log: Logger) {
  return (error: Error, c: Context): Response => {
    if (error instanceof HTTPException) {
      return answer(c, error.status as ContentfulStatusCode, "about:blank", error.message);
    }
    const status = statusOf(error) ?? 500;
    const requestId = c.get("requestId") as string | undefined;
    if (status >= 500) {
      log.error("a request failed", { method: c.req.method, path: c.req.path, requestId, error });
    }
    if (!(error instanceof AppError)) {
      return answer(c, 500, "about:blank", "Internal error: the log has it under this request id");
    }
    if (error instanceof TooManyRequests) c.header("retry-after", String(error.retryAfterSeconds));
    const issues = error instanceof InvalidInput ? { issues: error.issues } : {};
    return answer(c, status, `/problems/${error.code}`, error.message, issues);
  };
}

function answer(
  c: Context,
  status: ContentfulStatusCode,
  type: string,
  title: string,
  more: Record<string, unknown> = {},
): Response {
  const requestId = c.get("requestId") as string | undefined;
  const body = {
    type,
    title,
    status,
    instance: c.req.path,
    ...(requestId && { requestId }),
    ...more,
  };
  return c.json(body, status, { "content-type": "application/problem+json" });
}
