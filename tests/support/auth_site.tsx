import { Hono } from "hono";
import { AuthCard } from "@/components/AuthCard.tsx";
import type { AuthDeps } from "@/core/auth/deps.ts";
import { openAuth } from "@/core/auth/open_auth.ts";
import ChangePassword from "@/islands/auth/ChangePassword.tsx";
import Enrol from "@/islands/auth/Enrol.tsx";
import Recover from "@/islands/auth/Recover.tsx";
import SignIn from "@/islands/auth/SignIn.tsx";
import App from "@/routes/_app.tsx";
import { accountApi } from "@/routes/api/account.ts";
import { authApi } from "@/routes/api/auth.ts";
import { apiModule } from "@/routes/http/api_route.ts";
import { authenticate } from "@/routes/http/authenticate.ts";
import { requestId, sameOrigin } from "@/routes/http/guard.ts";
import { problem } from "@/routes/http/problem.ts";
import { securityHeaders } from "@/routes/http/security.ts";
import { SessionCookies } from "@/routes/http/session_cookies.ts";
import { findClientBuild } from "@/routes/pages.ts";
import { productionAssets } from "@/web/assets.ts";
import { createDefine } from "@/web/define.ts";
import { mount } from "@/web/mount.ts";
import { staticFiles } from "@/web/static.ts";
import { openTestDb, type TestDb } from "./databases.ts";
import { silentLog } from "./log.ts";
import { openTestPlatform } from "./platform.ts";

interface PageState {
  theme: undefined;
  density: "comfortable";
}
const define = createDefine<PageState>();

export interface AuthSite extends AsyncDisposable {
  readonly url: string;
  readonly test: TestDb;
  readonly deps: AuthDeps;
  /** Everything that browsers sent: line, headers and body of each request. */
  readonly sent: string[];
  /** Whoever's JSON the next answers of a path carry instead; for servers that lie. */
  readonly lies: Map<string, (body: Record<string, unknown>) => Record<string, unknown>>;
}

/**
 * The islands of signing in on pages of their own: the product's browser build, API, database and strict
 * headers, on a free port, and everything that was sent written down.
 */
export async function openAuthSite(args: string[] = []): Promise<AuthSite> {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db, ["--auth-attempts-per-minute=1000", ...args]);
  const deps = openAuth(platform);
  const build = findClientBuild();
  const sent: string[] = [];
  const lies: AuthSite["lies"] = new Map();
  const identity = {
    auth: deps,
    cookies: new SessionCookies(false),
    addressOf: () => "127.0.0.1",
    findKey: () => Promise.resolve(undefined),
  };
  const scopeOf = authenticate(identity);

  const api = apiModule();
  api.onError(problem(silentLog));
  api.use(async (c, next) => {
    await next();
    const lie = lies.get(c.req.path);
    if (lie) c.res = Response.json(lie(await c.res.json()), c.res);
  });
  api.route("/auth", authApi(identity));
  api.use(async (c, next) => {
    c.set("scope", await scopeOf(c));
    await next();
  });
  api.route("/auth", accountApi(identity));

  const hono = new Hono();
  hono.use(async (c, next) => {
    const { method, url, headers } = c.req.raw;
    const lines = [...headers].map(([name, value]) => `${name}: ${value}`);
    sent.push([`${method} ${url}`, ...lines, "", await c.req.raw.clone().text()].join("\n"));
    await next();
  });
  hono.use(requestId());
  hono.use(securityHeaders({ isDevelopment: false, importmapHash: build.manifest.importmapHash }));
  hono.use(sameOrigin({ publicUrl: null, corsOrigins: [] }));
  hono.route("/api", api);
  hono.use(staticFiles(build.dir));
  mount<PageState>({
    hono,
    routes: {
      "/routes/_app.tsx": { default: App },
      "/routes/index.tsx": { default: define.page(() => <h1>Signed in</h1>) },
      "/routes/login.tsx": {
        default: define.page(({ url }) => (
          <AuthCard title="Sign in">
            <SignIn next={url.searchParams.get("next") ?? "/"} />
          </AuthCard>
        )),
      },
      "/routes/enrol.tsx": {
        default: define.page(() => (
          <AuthCard title="Welcome">
            <Enrol />
          </AuthCard>
        )),
      },
      "/routes/recover.tsx": {
        default: define.page(() => (
          <AuthCard title="Recover">
            <Recover />
          </AuthCard>
        )),
      },
      "/routes/password.tsx": {
        default: define.page(({ url }) => (
          <AuthCard title="Password">
            <ChangePassword
              accountId={url.searchParams.get("id") ?? ""}
              email={url.searchParams.get("email") ?? ""}
            />
          </AuthCard>
        )),
      },
    },
    islands: {
      "/islands/auth/ChangePassword.tsx": { default: ChangePassword },
      "/islands/auth/Enrol.tsx": { default: Enrol },
      "/islands/auth/Recover.tsx": { default: Recover },
      "/islands/auth/SignIn.tsx": { default: SignIn },
    },
    assets: productionAssets(build.manifest),
    state: () => ({ theme: undefined, density: "comfortable" }),
  });

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, hono.fetch);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    ...{ test, deps, sent, lies },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}
