import type { AuthDeps } from "@/core/auth/deps.ts";
import type { BoundedFetchOptions } from "@/core/auth/sso/bounded_fetch.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { openTestDb } from "./databases.ts";
import { openTestPlatform } from "./platform.ts";

type Body = Record<string, unknown>;

export interface AuthSite extends AsyncDisposable {
  readonly url: string;
  readonly deps: AuthDeps;
  /** Everything that browsers sent: line, headers and body of each request. */
  readonly sent: string[];
  /** By path: what the JSON of its answers becomes on the way. For servers that lie. */
  readonly lies: Map<string, (body: Body) => Body>;
}

/** The HTTP side on a free port, over a database of its own, with everything that was sent written down. */
export async function openAuthSite(
  sso: BoundedFetchOptions = {},
): Promise<AuthSite> {
  await using stack = new AsyncDisposableStack();
  const test = stack.use(await openTestDb());
  const platform = stack.use(
    await openTestPlatform(test.db, ["--auth-attempts-per-minute=1000"]),
  );
  const http = stack.use(createHttpApp(platform, sso));
  const sent: string[] = [];
  const lies: AuthSite["lies"] = new Map();

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request, info) => {
      const lines = [...request.headers].map(([name, value]) => `${name}: ${value}`);
      const body = await request.text();
      sent.push([`${request.method} ${request.url}`, ...lines, "", body].join("\n"));
      const { method, headers, url, signal } = request;
      const init = { method, headers, signal, ...(body && { body }) };
      const answer = await http.app.fetch(new Request(url, init), info);
      const lie = lies.get(new URL(url).pathname);
      if (!lie) return answer;
      const changed = new Headers(answer.headers);
      changed.delete("content-length");
      return Response.json(lie(await answer.json()), { status: answer.status, headers: changed });
    },
  );
  stack.defer(() => server.shutdown());
  const opened = stack.move();
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    ...{ deps: openAuth(platform), sent, lies },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
