import { openAuth } from "@/core/auth/open_auth.ts";
import type { RoleName } from "@/core/auth/roles.ts";
import type { TenantId } from "@/core/scope.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { type AuditTest, openAuditTest } from "./audit.ts";
import { startBrowser, type TestBrowser, type WatchedPage } from "./browser.ts";
import { makeUser, signIn } from "./identity.ts";

export interface SignedInTest extends AuditTest {
  readonly url: string;
  readonly browser: TestBrowser;
  /** A tab in which a new user is signed in; of acme unless told. */
  open(
    role: RoleName,
    options?: Parameters<TestBrowser["open"]>[0],
    tenantId?: TenantId,
  ): Promise<WatchedPage>;
}

/** The HTTP side on a socket, over a database of its own, and a browser. */
export async function openSignedIn(args: string[] = []): Promise<SignedInTest> {
  const stack = new AsyncDisposableStack();
  const test = stack.use(await openAuditTest(args));
  const http = stack.use(createHttpApp(test.platform));
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, http.app.fetch);
  stack.defer(async () => {
    await http[Symbol.asyncDispose]();
    await server.shutdown();
  });
  const browser = stack.use(await startBrowser());
  const url = `http://127.0.0.1:${server.addr.port}`;
  const auth = openAuth(test.platform);
  return {
    ...test,
    url,
    browser,
    async open(role, options, tenantId = test.acme) {
      const { result } = await signIn(auth, await makeUser(auth, tenantId, role));
      if (result.next !== "done") throw new Error("asked for a second factor");
      const tab = await browser.open(options);
      await tab.page.context().addCookies([
        { name: "tod_session", value: result.tokens.access, url },
        { name: "tod_refresh", value: result.tokens.refresh, url: `${url}/api/auth` },
      ]);
      return tab;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
