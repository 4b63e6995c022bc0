/**
 * Fresh 2's way to write routes: `define.handlers`, `define.page`, `define.layout`,
 * `define.middleware`, `page()`, `HttpError`. Names are the same, so that a move to Fresh changes
 * imports only.
 */
import type { ComponentType } from "preact";
import type { Context as HonoContext } from "hono";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Ends a request with a status; `_error.tsx` shows it. The message is shown to the user. */
export class HttpError extends Error {
  override name = "HttpError";
  constructor(readonly status: number, message = "", options?: ErrorOptions) {
    super(message, options);
  }
}

export interface Context<State> {
  readonly req: Request;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  /** Filled by middlewares, read by handlers and pages. */
  readonly state: State;
  /** The error, in `_error.tsx` only. */
  readonly error: unknown;
  /** Nonce for the rare library that makes a style element at run time. */
  readonly nonce: string;
  /** Hono's own context, for what this one does not have. */
  readonly hono: HonoContext;
  /** In a middleware: the rest of the chain. */
  next(): Promise<Response>;
  redirect(location: string, status?: 301 | 302 | 303 | 307 | 308): Response;
}

export interface PageInit {
  status?: number;
  headers?: Record<string, string>;
}

export class PageResponse<Data> {
  constructor(readonly data: Data, readonly init: PageInit = {}) {}
}

/** From a handler: render this route's page with `data`. */
export function page<Data>(data: Data, init?: PageInit): PageResponse<Data> {
  return new PageResponse(data, init);
}

type Result<Data> = Response | PageResponse<Data>;
export type Handler<Data, State> = (ctx: Context<State>) => Result<Data> | Promise<Result<Data>>;
export type Handlers<Data, State> = { [M in Method]?: Handler<Data, State> };
export type Middleware<State> = (ctx: Context<State>) => Response | Promise<Response>;

export interface PageProps<Data, State> extends Context<State> {
  readonly data: Data;
  /** In `_app.tsx` and `_layout.tsx`: what they wrap. */
  readonly Component: ComponentType;
  readonly title: string | undefined;
}

/** What the handlers of a route give to `page()`. */
export type DataOf<H> = {
  [M in keyof H]: H[M] extends (...args: never[]) => infer R
    ? Extract<Awaited<R>, PageResponse<unknown>> extends PageResponse<infer D> ? D : never
    : never;
}[keyof H];

/** One file below routes/. */
export interface RouteModule<State> {
  handler?: Handlers<unknown, State>;
  default?: ComponentType<PageProps<never, State>>;
  title?: string | ((data: never) => string);
}

export function createDefine<State>() {
  return {
    handlers: <H extends Handlers<unknown, State>>(handlers: H): H => handlers,
    page: <H = never>(
      component: ComponentType<PageProps<[H] extends [never] ? undefined : DataOf<H>, State>>,
    ) => component,
    layout: (component: ComponentType<PageProps<unknown, State>>) => component,
    middleware: (middleware: Middleware<State>) => middleware,
  };
}
