import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { Gauge, Histogram } from "prom-client";
import { openAuth } from "@/core/auth/open_auth.ts";
import type { BoundedFetchOptions } from "@/core/auth/sso/bounded_fetch.ts";
import { Issuers } from "@/core/auth/sso/issuers.ts";
import { findApiKey } from "@/core/api_keys/find_api_key.ts";
import { LastUsed } from "@/core/api_keys/last_used.ts";
import { checkDependencies, type Dependency } from "@/core/health.ts";
import { RouterReader } from "@/core/config_editor/router_reader.ts";
import { PostgresMetricReader } from "@/core/metrics/postgres_reader.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import { binaryDeps } from "@/core/binary_backups/run_jobs.ts";
import type { Platform } from "@/core/platform.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import { staleAfterMs, Topologies } from "@/core/topology/topology.ts";
import { productVersion } from "@/core/version.ts";
import { createApi } from "./api/mod.ts";
import { docsPage } from "./http/docs_page.ts";
import { type ApiFetch, inProcess, overHttp } from "./http/api_client.ts";
import { authenticate, type FindKey } from "./http/authenticate.ts";
import { clientAddress, type ServeInfo } from "./http/client_address.ts";
import { requestId, sameOrigin } from "./http/guard.ts";
import { securityHeaders } from "./http/security.ts";
import { SessionCookies } from "./http/session_cookies.ts";
import { RunStreams } from "./http/run_stream.ts";
import { SseHub } from "./http/sse_hub.ts";
import { findClientBuild, mountPages } from "./pages.ts";

const READY_FOR_MS = 1_000;

export interface HttpApp extends AsyncDisposable {
  app: Hono;
}

/** The HTTP side of the configured roles: API, pages, health. No socket yet: tests call `app.request`. */
export function createHttpApp(
  platform: Platform,
  /** How sign-in providers are reached; tests have theirs on loopback. */
  sso: BoundedFetchOptions = {},
): HttpApp {
  const { config, log, registry, db, bus, rpc, kms, clock } = platform;
  const has = (role: "web" | "api") => config.roles.includes(role);
  const version = productVersion();
  const isDevelopment = Deno.env.get("TOD_DEV") === "1";
  const build = has("web") && !isDevelopment ? findClientBuild() : undefined;
  const app = new Hono();

  app.use(requestId());
  app.get("/health", (c) => c.json({ status: "alive", version }));
  const ready = cached(() => checkDependencies(platform));
  app.get("/health/ready", async (c) => {
    const dependencies = await ready();
    const isReady = dependencies.every((dependency) => dependency.isReady);
    return c.json(
      { status: isReady ? "ready" : "not_ready", version, dependencies },
      isReady ? 200 : 503,
    );
  });
  app.use(measure(registry));
  const { publicUrl, trustedProxies, corsOrigins, mapTiles } = config.http;
  const importmapHash = build?.manifest.importmapHash;
  app.use(securityHeaders({ isDevelopment, importmapHash, tilesUrl: mapTiles?.url }));
  const addressOf = clientAddress(trustedProxies);
  if (corsOrigins.length > 0) app.use("/api/*", cors({ origin: [...corsOrigins] }));
  app.use(sameOrigin({ publicUrl, corsOrigins }));

  const stack = new AsyncDisposableStack();
  let apiFetch: ApiFetch;
  if (has("api")) {
    const hub = stack.use(new SseHub(bus));
    const runStreams = stack.use(new RunStreams(bus));
    new Gauge({
      name: "tod_live_streams",
      help: "Browsers that follow the fleet live",
      registers: [registry],
      collect() {
        this.set(hub.streams);
      },
    });
    const staleMs = staleAfterMs(config.polling.slowIntervalSeconds);
    const topologies = stack.use(new Topologies({ bus, clock, staleMs }));
    const reader = new PostgresMetricReader(config.polling.intervalSeconds);
    const routers = stack.use(new RouterReader({ link: remoteLink({ db, rpc }) }));
    const lastUsed = stack.use(new LastUsed({ db, clock, log }));
    const identity = {
      auth: openAuth(platform),
      cookies: new SessionCookies(publicUrl?.startsWith("https:") ?? false),
      addressOf,
      findKey: findKeyIn(db, clock, lastUsed),
      publicUrl,
    };
    const scopeOf = authenticate(identity);
    const api = createApi({
      bus,
      rpc,
      kms,
      clock,
      log,
      reader,
      hub,
      discoveryNetworks: config.discovery.networks,
      runStreams,
      topologies,
      version,
      backups: {
        ...binaryDeps(platform, config.backups.hour),
        retention: config.backups.retention,
      },
      routers,
      scopeOf,
      sso: { ...identity.auth, issuers: new Issuers(clock, sso) },
      ...identity,
    });
    app.route("/api", api);
    app.get("/docs", docsPage(api, version));
    apiFetch = inProcess(api);
  } else {
    const forward = overHttp(config.http.apiUrl!);
    const info = (c: Context): ServeInfo => ({ remoteAddr: { hostname: addressOf(c) } });
    app.all("/api/*", (c) => forward(c.req.raw, info(c)));
    app.get("/docs", (c) => forward(c.req.raw, info(c)));
    apiFetch = forward;
  }
  if (has("web")) mountPages(app, { build, apiFetch, addressOf, version, log, mapTiles });
  return { app, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Serves the web and api roles on the configured address until `signal` aborts. */
export async function startHttp(platform: Platform, signal: AbortSignal): Promise<void> {
  const { config, log } = platform;
  const http = createHttpApp(platform);
  const { host: hostname, port } = config.http;
  const server = Deno.serve({
    hostname,
    port,
    onListen: ({ port }) => log.info("listening", { address: `http://${hostname}:${port}`, port }),
  }, http.app.fetch);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  // Live streams first: they would hold the server open for ever.
  await http[Symbol.asyncDispose]();
  await server.shutdown();
}

function findKeyIn(db: Db, clock: Clock, lastUsed: LastUsed): FindKey {
  return async (token, { address, requestId }) => {
    const key = await findApiKey(db, token, { address, now: clock.now() });
    if (!key) return undefined;
    const { id, tenantId, permissions } = key;
    lastUsed.note(id, tenantId, address);
    return { db, tenantId, permissions, actor: `key:${id}`, requestId, ip: address };
  };
}

/** One look at the dependencies a second, however many ask. */
function cached(look: () => Promise<Dependency[]>): () => Promise<Dependency[]> {
  let at = -Infinity;
  let last: Promise<Dependency[]> | undefined;
  return () => {
    if (!last || performance.now() - at > READY_FOR_MS) {
      at = performance.now();
      last = look();
    }
    return last;
  };
}

function measure(registry: Platform["registry"]) {
  const durations = new Histogram({
    name: "tod_http_request_duration_seconds",
    help: "Time to the first byte of an answer, by route",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  return async (
    c: { req: { method: string; routePath: string }; res: Response },
    next: () => Promise<void>,
  ) => {
    const began = performance.now();
    await next();
    const labels = { method: c.req.method, route: c.req.routePath, status: c.res.status };
    durations.observe(labels, (performance.now() - began) / 1_000);
  };
}
