import { hc } from "hono/client";
import { Unavailable } from "@/core/errors.ts";
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

/** What belongs to one connection, or names the web role's own place, is not passed on. */
const NOT_FORWARDED = [
  ...["host", "origin", "sec-fetch-site", "connection", "keep-alive", "te", "transfer-encoding"],
  "upgrade",
];

export function overHttp(apiUrl: string): ApiFetch {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    // The web role has checked where the request came from; to the API it is the web role's own.
    for (const name of NOT_FORWARDED) headers.delete(name);
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

/** The typed client that handlers of pages use. */
export function createApiClient(apiFetch: ApiFetch) {
  return hc<ApiType>("http://api.internal/api", {
    fetch: ((input: RequestInfo | URL, init?: RequestInit) =>
      apiFetch(new Request(input, init))) as typeof fetch,
  });
}
export type ApiClient = ReturnType<typeof createApiClient>;
