import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import type { Logger } from "@/core/log.ts";
import type { MetricReader } from "@/core/metrics/reader.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { Scope } from "@/core/scope.ts";
import type { ApiEnv } from "../http/env.ts";
import { problem } from "../http/problem.ts";
import type { SseHub } from "../http/sse_hub.ts";
import { devicesApi } from "./devices.ts";
import { eventsApi } from "./events.ts";
import { fleetApi } from "./fleet.ts";

export interface ApiDeps extends DeviceDeps {
  rpc: Rpc;
  log: Logger;
  reader: MetricReader;
  hub: SseHub;
  version: string;
  /** Who asks, and for which tenant. Never chosen by a header or parameter. */
  scopeOf(request: Request): Promise<Scope>;
}

const MAX_BODY_BYTES = 1_048_576;

/** The REST API, to be mounted at `/api`. Every route declares its schemas and its permission. */
export function createApi(deps: ApiDeps) {
  const app = new OpenAPIHono<ApiEnv>();
  app.onError(problem(deps.log));
  app.use(bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) => {
      const title = `Cannot accept more than ${MAX_BODY_BYTES} bytes`;
      const body = { type: "about:blank", title, status: 413, instance: c.req.path };
      return c.json(body, 413, { "content-type": "application/problem+json" });
    },
  }));
  app.use(async (c, next) => {
    const scope = await deps.scopeOf(c.req.raw);
    c.set("scope", { ...scope, requestId: scope.requestId ?? c.get("requestId") });
    await next();
    // Answers about a fleet belong in no shared cache; ETags still save the transfer.
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "private, no-cache");
  });
  const api = app
    .route("/devices", devicesApi(deps))
    .route("/fleet", fleetApi())
    .route("/events", eventsApi(deps));
  api.get("/openapi.json", (c) => c.json(openApiDocument(api, deps.version)));
  api.notFound((c) => {
    const body = {
      type: "about:blank",
      title: "There is no such route: see /docs",
      status: 404,
      instance: c.req.path,
    };
    return c.json(body, 404, { "content-type": "application/problem+json" });
  });
  return api;
}

export type ApiType = ReturnType<typeof createApi>;

/** OpenAPI 3.1, generated from the routes' own schemas. */
export function openApiDocument(api: OpenAPIHono<ApiEnv>, version: string) {
  return api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "TOD API",
      version,
      description: "Fleet management for MikroTik RouterOS. Errors are problem+json (RFC 9457).",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: "/api" }],
  });
}
