import { createRoute, OpenAPIHono, type RouteConfig, z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { InvalidInput } from "@/core/errors.ts";
import { demand, type Permission } from "@/core/scope.ts";
import type { ApiEnv } from "./env.ts";

/** RFC 9457, as every error answers. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  instance: z.string(),
  requestId: z.string().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
}).openapi("Problem");

const problemOf = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: Problem } },
});

/** Errors that any route may answer. */
export const COMMON_PROBLEMS = {
  401: problemOf("No credential, or one that is worth nothing (any more)"),
  403: problemOf("Not allowed, or a request of another site"),
  422: problemOf("Input that does not fit; `issues` names the fields"),
  503: problemOf("The database or the bus does not answer"),
} as const;
export const NOT_FOUND = { 404: problemOf("No such thing for this caller") } as const;
export const LIMITED = { 429: problemOf("Too many attempts; Retry-After says when") } as const;
export const UNREACHABLE = { 504: problemOf("The router does not answer") } as const;
export const CONFLICT = { 409: problemOf("It contradicts what is stored") } as const;
export const STALE = { 412: problemOf("It was changed since you read it") } as const;

export const NO_CONTENT = { 204: { description: "Done" } } as const;

/** A JSON body that must be there. */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { body: { content: { "application/json": { schema } }, required: true } };
}

/** A JSON answer. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { "application/json": { schema } } };
}

/**
 * A route of the API: its schemas, and the permission that is demanded before its handler runs. There
 * is no other way to make one, so there is no route without a permission.
 */
export function apiRoute<
  Path extends string,
  Config extends Omit<RouteConfig, "middleware" | "path"> & { path: Path },
>(permission: Permission, config: Config) {
  const check: MiddlewareHandler<ApiEnv> = async (c, next) => {
    demand(c.var.scope, permission);
    await next();
  };
  const route: Config & { middleware: MiddlewareHandler<ApiEnv> } = {
    ...config,
    middleware: check,
    "x-permission": permission,
  };
  return createRoute<Path, typeof route>(route);
}

/**
 * A route that needs no credential: signing in, and what leads there. It says so, as every other names
 * its permission.
 */
export function publicRoute<
  Path extends string,
  Config extends Omit<RouteConfig, "middleware" | "path"> & { path: Path },
>(config: Config) {
  return createRoute<Path, Config>({ ...config, "x-permission": "public" });
}

/** A module of the API: invalid input becomes a problem that names the fields. */
export function apiModule(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      throw new InvalidInput(
        "Cannot accept this request",
        result.error.issues.map(({ path, message }) => ({ path: path.join("."), message })),
      );
    },
  });
}
