import { hc } from "hono/client";
import type { ApiType } from "../api/mod.ts";

/** How pages reach the API: in this process where the api role runs, over HTTP where it does not. */
export type ApiFetch = (request: Request) => Promise<Response>;

export function inProcess(
  api: { fetch(request: Request): Response | Promise<Response> },
): ApiFetch {
  return async (request) => {
    // The API is mounted at /api; called directly it sees its own paths.
    const url = new URL(request.url);
    url.pathname = url.pathname.replace(/^\/api/, "") || "/";
    return await api.fetch(new Request(url, request));
  };
}

export function overHttp(apiUrl: string): ApiFetch {
  return (request) => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    // The web role has checked where the request came from; to the API it is the web role's own.
    for (const name of ["host", "origin", "sec-fetch-site", "connection"]) headers.delete(name);
    return fetch(new URL(pathname + search, apiUrl), {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
      signal: request.signal,
    });
  };
}

/** The typed client that handlers of pages use. */
export function createApiClient(apiFetch: ApiFetch) {
  return hc<ApiType>("http://api.internal/api", {
    fetch: ((input: RequestInfo | URL, init?: RequestInit) =>
      apiFetch(new Request(input, init))) as typeof fetch,
  });
}
export type ApiClient = ReturnType<typeof createApiClient>;
