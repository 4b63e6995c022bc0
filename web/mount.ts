import type { Context as HonoContext, Hono } from "hono";
import type { Assets } from "./assets.ts";
import {
  type Context,
  HttpError,
  type Method,
  type Middleware,
  PageResponse,
  type RouteModule,
} from "./define.ts";
import { answerError, type ErrorOptions, withoutTrailingSlash } from "./errors.ts";
import { registerIslands } from "./islands.ts";
import { chainOf, compareBySpecificity, toPatterns } from "./patterns.ts";
import { type Module, renderPage } from "./render.ts";

export interface MountOptions<State> extends Omit<ErrorOptions, "renderError"> {
  hono: Hono;
  /** Modules by path, `/routes/devices/[id].tsx`. */
  routes: Record<string, Module>;
  islands: Record<string, Module>;
  assets: Assets;
  /** A fresh state for each request. */
  state(c: HonoContext): State;
}

type Key = "fresh-context";
const ERROR_PAGE = "/routes/_error.tsx";

/** Serves the file routes on `hono`. */
export function mount<State>(options: MountOptions<State>): Hono {
  const { hono, routes, islands, assets } = options;
  registerIslands(islands);

  function contextOf(c: HonoContext): Context<State> {
    const kept = c.get("fresh-context" as Key & never) as Context<State> | undefined;
    if (kept) return kept;
    const ctx: Context<State> = {
      req: c.req.raw,
      url: new URL(c.req.url),
      params: c.req.param() as Record<string, string>,
      state: options.state(c),
      error: undefined,
      nonce: String(c.get("secureHeadersNonce" as never) ?? ""),
      hono: c,
      next: () => Promise.reject(new TypeError("next() is for middlewares")),
      redirect: (location, status = 303) => c.redirect(location, status),
    };
    c.set("fresh-context" as Key & never, ctx as never);
    return ctx;
  }

  function render(
    c: HonoContext,
    ctx: Context<State>,
    file: string,
    { data, init }: PageResponse<unknown>,
  ): Response {
    const html = renderPage(ctx, file, data, routes, assets);
    for (const [name, value] of Object.entries(init.headers ?? {})) c.header(name, value);
    return c.html(html, (init.status ?? 200) as 200);
  }

  const patterns = Object.keys(routes)
    .filter((file) => !/\/_[^/]*$/.test(file) && !file.includes("/(_"))
    .filter((file) => routes[file]!["handler"] !== undefined || isPage(routes[file]!))
    .flatMap((file) => toPatterns(file).map((pattern) => [pattern, file] as const))
    .sort(([a], [b]) => compareBySpecificity(a, b));

  for (const [pattern, file] of patterns) {
    const module = routes[file] as RouteModule<State> & Module;
    const middlewares = chainOf<Middleware<State>>(file, "_middleware", routes);
    const methods = new Set(Object.keys(module.handler ?? {}));
    if (module.default) methods.add("GET");

    hono.on([...methods], pattern, async (c) => {
      const ctx = contextOf(c);
      // Hono answers HEAD with the head of GET's answer.
      const method = c.req.method === "HEAD" ? "GET" : c.req.method as Method;
      const run = async (index: number): Promise<Response> => {
        const middleware = middlewares[index];
        if (middleware) return await middleware({ ...ctx, next: () => run(index + 1) });
        const handler = module.handler?.[method];
        const result = handler ? await handler(ctx) : new PageResponse(undefined);
        return result instanceof PageResponse ? render(c, ctx, file, result) : result;
      };
      try {
        return await run(0);
      } catch (error) {
        // Hono hands only real errors to onError.
        throw error instanceof Error
          ? error
          : new Error("a route threw no error", { cause: error });
      }
    });
    hono.all(pattern, (c) => {
      if (methods.has("GET")) methods.add("HEAD");
      c.header("allow", [...methods].sort().join(", "));
      return fail(c, new HttpError(405, `${c.req.method} is not possible here`));
    });
  }

  function fail(c: HonoContext, error: unknown): Response {
    return answerError(c, error, {
      ...options,
      renderError: (c, error, status) =>
        routes[ERROR_PAGE] &&
        render(c, { ...contextOf(c), error }, ERROR_PAGE, new PageResponse(status, { status })),
    });
  }
  hono.onError((error, c) => fail(c, error));
  hono.notFound((c) => {
    const isRead = c.req.method === "GET" || c.req.method === "HEAD";
    const location = isRead ? withoutTrailingSlash(c.req.url) : undefined;
    if (location !== undefined) return c.redirect(location, 308);
    return fail(c, new HttpError(404, "There is no such page"));
  });
  return hono;
}

function isPage(module: Module): boolean {
  return typeof module["default"] === "function";
}
