import { hc } from "hono/client";
import { Unavailable } from "@/core/errors.ts";
import type { ServeInfo } from "./client_address.ts";
import type { ApiType } from "../api/mod.ts";

/** How pages reach the API: in this process where the api role runs, over HTTP where it does not. */
export type ApiFetch = (request: Request, info: ServeInfo) => Promise<Response>;

export function inProcess(
  api: { fetch(request: Request, env: ServeInfo): Response | Promise<Response> },
): ApiFetch {
  return async (request, info) => {
    // The API is mounted at /api; called directly it sees its own paths.
    const url = new URL(request.url);
    url.pathname = url.pathname.replace(/^\/api/, "") || "/";
    return await api.fetch(new Request(url, request), info);
  };
}

/** What belongs to one connection, or names the web role's own place, is not passed on. */
const NOT_FORWARDED = [
  ...["host", "origin", "sec-fetch-site", "connection", "keep-alive", "te", "transfer-encoding"],
  "upgrade",
];

export function overHttp(apiUrl: string): ApiFetch {
  return async (request, { remoteAddr }) => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    // The web role has checked where the request came from; to the API it is the web role's own.
    for (const name of NOT_FORWARDED) headers.delete(name);
    // The api role believes this of its web roles (TOD_TRUSTED_PROXIES); what came is checked by us.
    headers.set("x-forwarded-for", remoteAddr.hostname);
    // fetch would unpack the body and leave the header that says it is packed.
    headers.set("accept-encoding", "identity");
    let answer: Response;
    try {
      answer = await fetch(new URL(pathname + search, apiUrl), {
        method: request.method,
        headers,
        body: request.body,
        redirect: "manual",
        signal: request.signal,
      });
    } catch (cause) {
      if (request.signal.aborted) throw cause;
      throw new Unavailable("The api role does not answer: check TOD_API_URL and that it runs", {
        cause,
      });
    }
    // A copy: the middleware above sets headers, and those of a fetched response are fixed.
    const { status, statusText } = answer;
    return new Response(answer.body, { status, statusText, headers: new Headers(answer.headers) });
  };
}

/**
 * The typed client that handlers of a page use: it asks as whoever asked for the page, from where they
 * asked, and with nothing else of their request.
 */
export function createApiClient(apiFetch: ApiFetch, asker: Request, address: string) {
  const headers: Record<string, string> = {};
  for (const name of ["cookie", "user-agent", "x-request-id"]) {
    const value = asker.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  const info = { remoteAddr: { hostname: address } };
  return hc<ApiType>("http://api.internal/api", {
    headers,
    fetch: ((input: RequestInfo | URL, init?: RequestInit) =>
      apiFetch(new Request(input, init), info)) as typeof fetch,
  });
}
export type ApiClient = ReturnType<typeof createApiClient>;
