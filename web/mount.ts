import type { Context as HonoContext, Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import type { Assets } from "./assets.ts";
import {
  type Context,
  HttpError,
  type Middleware,
  PageResponse,
  type RouteModule,
} from "./define.ts";
import { registerIslands } from "./islands.ts";
import { chainOf, compareBySpecificity, toPattern } from "./patterns.ts";
import { type Module, renderPage } from "./render.ts";

export interface MountOptions<State> {
  hono: Hono;
  /** Modules by path, `/routes/devices/[id].tsx`. */
  routes: Record<string, Module>;
  islands: Record<string, Module>;
  assets: Assets;
  /** A fresh state for each request. */
  state(c: HonoContext): State;
  /** Status of an error that is no {@linkcode HttpError}; 500 unless it says otherwise. */
  statusOf?(error: unknown): number | undefined;
  onFault?(error: unknown, c: HonoContext): void;
}

type Key = "fresh-context";

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
    .map((file) => [toPattern(file), file] as const)
    .sort(([a], [b]) => compareBySpecificity(a, b));

  for (const [pattern, file] of patterns) {
    const module = routes[file] as RouteModule<State> & Module;
    const middlewares = chainOf<Middleware<State>>(file, "_middleware", routes);
    const methods = new Set(Object.keys(module.handler ?? {}));
    if (module.default) methods.add("GET");

    hono.on([...methods], pattern, async (c) => {
      const ctx = contextOf(c);
      const run = async (index: number): Promise<Response> => {
        const middleware = middlewares[index];
        if (middleware) return await middleware({ ...ctx, next: () => run(index + 1) });
        const handler = module.handler?.[c.req.method as "GET"];
        const result = handler ? await handler(ctx) : new PageResponse(undefined);
        return result instanceof PageResponse ? render(c, ctx, file, result) : result;
      };
      return await run(0);
    });
    hono.all(pattern, (c) => {
      c.header("allow", [...methods].join(", "));
      return fail(c, new HttpError(405, `${c.req.method} is not possible here`));
    });
  }

  function fail(c: HonoContext, error: unknown): Response {
    if (error instanceof HTTPException) return error.getResponse();
    const status = error instanceof HttpError ? error.status : options.statusOf?.(error) ?? 500;
    if (status >= 500) options.onFault?.(error, c);
    const file = "/routes/_error.tsx";
    const title = status >= 500 ? "Internal error" : (error as Error).message || `Status ${status}`;
    if (!routes[file] || !c.req.header("accept")?.includes("text/html")) {
      const body = { type: "about:blank", title, status, instance: c.req.path };
      return c.json(body, status as 500, { "content-type": "application/problem+json" });
    }
    const ctx = { ...contextOf(c), error };
    return render(c, ctx, file, new PageResponse(status, { status }));
  }
  hono.onError((error, c) => fail(c, error));
  hono.notFound((c) => fail(c, new HttpError(404, "There is no such page")));
  return hono;
}

function isPage(module: Module): boolean {
  return typeof module["default"] === "function";
}
