import { Hono } from "hono";
import { Gauge, Histogram } from "prom-client";
import { checkDependencies, type Dependency } from "@/core/health.ts";
import { PostgresMetricReader } from "@/core/metrics/postgres_reader.ts";
import type { Platform } from "@/core/platform.ts";
import { productVersion } from "@/core/version.ts";
import { createApi } from "./api/mod.ts";
import { docsPage } from "./http/docs_page.ts";
import { type ApiFetch, createApiClient, inProcess, overHttp } from "./http/api_client.ts";
import { localOnly, requestId } from "./http/guard.ts";
import { securityHeaders } from "./http/security.ts";
import { localOperator } from "./http/session.ts";
import { SseHub } from "./http/sse_hub.ts";
import { findClientBuild, mountPages } from "./pages.ts";

const READY_FOR_MS = 1_000;

export interface HttpApp {
  app: Hono;
  hub: SseHub | undefined;
}

/** The HTTP side of the configured roles: API, pages, health. No socket yet: tests call `app.request`. */
export function createHttpApp(platform: Platform): HttpApp {
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
  app.use(securityHeaders({ isDevelopment, importmapHash: build?.manifest.importmapHash }));
  app.use(localOnly());

  let hub: SseHub | undefined;
  let apiFetch: ApiFetch;
  if (has("api")) {
    const own = hub = new SseHub(bus);
    new Gauge({
      name: "tod_live_streams",
      help: "Browsers that follow the fleet live",
      registers: [registry],
      collect() {
        this.set(own.streams);
      },
    });
    const reader = new PostgresMetricReader(config.polling.intervalSeconds);
    const scopeOf = localOperator(db);
    const api = createApi({ bus, rpc, kms, clock, log, reader, hub, version, scopeOf });
    app.route("/api", api);
    app.get("/docs", docsPage(api, version));
    apiFetch = inProcess(api);
  } else {
    const forward = overHttp(config.http.apiUrl!);
    app.all("/api/*", (c) => forward(c.req.raw));
    app.get("/docs", (c) => forward(c.req.raw));
    apiFetch = forward;
  }
  if (has("web")) mountPages(app, { build, api: createApiClient(apiFetch), version, log });
  return { app, hub };
}

/** Serves the web and api roles on the configured address until `signal` aborts. */
export async function startHttp(platform: Platform, signal: AbortSignal): Promise<void> {
  const { config, log } = platform;
  const { app, hub } = createHttpApp(platform);
  const { host: hostname, port } = config.http;
  const server = Deno.serve({
    hostname,
    port,
    onListen: ({ port }) => log.info("listening", { address: `http://${hostname}:${port}`, port }),
  }, app.fetch);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  // Live streams first: they would hold the server open for ever.
  await hub?.[Symbol.asyncDispose]();
  await server.shutdown();
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
