import type { Context as HonoContext } from "hono";
import { HTTPException } from "hono/http-exception";
import { HttpError } from "./define.ts";

export interface ErrorOptions {
  /** Status of an error that is no {@linkcode HttpError}; 500 unless it says otherwise. */
  statusOf?(error: unknown): number | undefined;
  onFault?(error: unknown, c: HonoContext): void;
  /** `_error.tsx` for this error; `undefined` where there is none. */
  renderError(c: HonoContext, error: unknown, status: number): Response | undefined;
}

/**
 * Turns an error into an answer: a page for browsers, RFC 9457 for everybody else. Never throws: when
 * the error page fails too, the answer is a problem. Faults keep their text for the log.
 */
export function answerError(c: HonoContext, error: unknown, options: ErrorOptions): Response {
  if (error instanceof HTTPException) return error.getResponse();
  const status = error instanceof HttpError ? error.status : options.statusOf?.(error) ?? 500;
  if (status >= 500) options.onFault?.(error, c);
  if (c.req.header("accept")?.includes("text/html")) {
    try {
      const page = options.renderError(c, error, status);
      if (page) return page;
    } catch (second) {
      options.onFault?.(second, c);
      return problem(c, 500, "Internal error");
    }
  }
  const message = error instanceof Error ? error.message : "";
  return problem(c, status, status >= 500 ? "Internal error" : message || `Status ${status}`);
}

function problem(c: HonoContext, status: number, title: string): Response {
  const requestId = c.get("requestId" as never) as string | undefined;
  const body = {
    type: "about:blank",
    title,
    status,
    instance: c.req.path,
    ...(requestId && { requestId }),
  };
  return c.json(body, status as 500, { "content-type": "application/problem+json" });
}

/**
 * Where a path with slashes at its end belongs. Slashes at its start become one: browsers take
 * `//name` and `/\name` for another site.
 */
export function withoutTrailingSlash(url: string): string | undefined {
  const { pathname, search } = new URL(url);
  if (!/.\/$/.test(pathname)) return undefined;
  return `/${pathname.replace(/^[/\\]+|[/\\]+$/g, "")}${search}`;
}
