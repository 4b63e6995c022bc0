import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { SsoDeps } from "@/core/auth/sso/sso_deps.ts";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import type { RouterReader } from "@/core/config_editor/router_reader.ts";
import type { Logger } from "@/core/log.ts";
import type { MetricReader } from "@/core/metrics/reader.ts";
import type { Bus, Rpc } from "@/core/ports/bus.ts";
import type { Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import type { Topologies } from "@/core/topology/topology.ts";
import type { Authentication } from "../http/authenticate.ts";
import type { ApiEnv } from "../http/env.ts";
import { noteRefusal } from "../http/note_refusal.ts";
import { problem } from "../http/problem.ts";
import type { RunStreams } from "../http/run_stream.ts";
import type { SseHub } from "../http/sse_hub.ts";
import { auditApi } from "./audit.ts";
import { accountApi } from "./account.ts";
import { factorsApi } from "./factors.ts";
import { apiKeysApi } from "./api_keys.ts";
import { authApi } from "./auth.ts";
import { changeSetDeps } from "./change_set_deps.ts";
import { changeSetsApi } from "./change_sets.ts";
import { availabilityApi } from "./availability.ts";
import { deviceBulkApi } from "./device_bulk.ts";
import { clientsApi, deviceClientsApi } from "./clients.ts";
import { deviceInventoryApi } from "./device_inventory.ts";
import { credentialsApi } from "./credentials.ts";
import type { BinaryDeps } from "@/core/binary_backups/take_binary.ts";
import { binaryBackupsApi } from "./binary_backups.ts";
import { configHistoryApi, type ConfigsDeps } from "./config_history.ts";
import { complianceApi } from "./compliance.ts";
import { configsApi } from "./configs.ts";
import { devicesApi } from "./devices.ts";
import { discoveryApi } from "./discovery.ts";
import { driftApi } from "./drift.ts";
import { editorApi } from "./editor.ts";
import { eventsApi } from "./events.ts";
import { fleetApi } from "./fleet.ts";
import { mapApi } from "./map.ts";
import { metricsApi } from "./metrics.ts";
import { logFollowApi } from "./log_follow.ts";
import { logsApi } from "./logs.ts";
import { fleetViewsApi } from "./fleet_views.ts";
import { groupsApi } from "./groups.ts";
import { jobsApi } from "./jobs.ts";
import { pushesApi } from "./pushes.ts";
import { prometheusApi } from "./prometheus.ts";
import { restoresApi } from "./restores.ts";
import { rolesApi } from "./roles.ts";
import { runsApi } from "./runs.ts";
import { ssoApi } from "./sso.ts";
import { ssoSignInApi } from "./sso_sign_in.ts";
import { sectorsApi } from "./sectors.ts";
import { sitesApi } from "./sites.ts";
import { tagsApi } from "./tags.ts";
import { templatesApi } from "./templates.ts";
import { tenantsApi } from "./tenants.ts";
import { topologyApi } from "./topology.ts";
import { usersApi } from "./users.ts";
import { transparencyApi } from "./transparency.ts";

export interface ApiDeps extends DeviceDeps, Authentication {
  rpc: Rpc;
  sso: SsoDeps;
  log: Logger;
  reader: MetricReader;
  hub: SseHub;
  backups: ConfigsDeps & BinaryDeps;
  /** Reads routers for people who look around in one. */
  routers: RouterReader;
  /** Networks that may be scanned for routers. */
  discoveryNetworks: readonly string[];
  runStreams: RunStreams;
  topologies: Topologies;
  version: string;
  /** Who asks, and for which tenant. Never chosen by a header or parameter. */
  scopeOf(c: Context<ApiEnv>): Promise<Scope>;
}

const MAX_BODY_BYTES = 1_048_576;
/** An inventory of ten thousand routers. */
const MAX_IMPORT_BYTES = 12 * 1_048_576;

/** The REST API, to be mounted at `/api`. Every route declares its schemas and its permission. */
export function createApi(deps: ApiDeps) {
  const app = new OpenAPIHono<ApiEnv>();
  const answer = problem(deps.log);
  app.onError(async (error, c) => {
    await noteRefusal(c, error, { kms: deps.kms, locks: deps.auth.locks, log: deps.log });
    return answer(error, c);
  });
  const small = upTo(MAX_BODY_BYTES);
  const large = upTo(MAX_IMPORT_BYTES);
  app.use((c, next) => (c.req.path.endsWith("/devices/import") ? large : small)(c, next));
  app.get("/openapi.json", (c) => c.json(openApiDocument(api, deps.version)));
  app.use("/auth/logout", tellAccess(deps.bus)); // streams of the session end with it
  const open = app.route("/auth", authApi(deps)).route("/auth/sso", ssoSignInApi(deps));
  open.use(tellAccess(deps.bus));
  open.use(async (c, next) => {
    const scope = await deps.scopeOf(c);
    c.set("scope", { ...scope, requestId: scope.requestId ?? c.get("requestId") });
    await next();
    // Answers about a fleet belong in no shared cache; ETags still save the transfer.
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "private, no-cache");
  });
  const api = open
    .route("/auth", accountApi(deps))
    .route("/auth", factorsApi(deps))
    .route("/", ssoApi(deps))
    .route("/", tenantsApi(deps))
    .route("/users", usersApi(deps))
    .route("/roles", rolesApi(deps))
    .route("/sites", sitesApi(deps))
    .route("/", sectorsApi(deps))
    .route("/credential-profiles", credentialsApi(deps))
    .route("/tags", tagsApi(deps))
    .route("/groups", groupsApi(deps))
    .route("/views", fleetViewsApi(deps))
    .route("/api-keys", apiKeysApi(deps))
    .route("/devices", deviceInventoryApi(deps))
    .route("/", metricsApi(deps))
    .route("/devices", deviceBulkApi(deps))
    .route("/prometheus", prometheusApi(deps))
    .route("/devices", devicesApi(deps))
    .route("/", runsApi({ ...deps, locks: deps.auth.locks }))
    .route("/devices", availabilityApi(deps))
    .route("/devices", deviceClientsApi())
    .route("/discovery", discoveryApi(deps))
    .route("/", configHistoryApi(deps.backups))
    .route("/", binaryBackupsApi({ ...deps.backups, hub: deps.hub, scopeOf: deps.scopeOf }))
    .route("/", configsApi(deps.backups))
    .route("/", templatesApi(deps))
    .route("/", jobsApi(deps))
    .route("/", complianceApi(deps))
    .route("/", driftApi({ ...deps, db: deps.backups.db }))
    .route("/", pushesApi({ ...deps, db: deps.backups.db }))
    .route("/", restoresApi({ ...deps, pushes: { ...deps, db: deps.backups.db } }))
    .route("/devices", editorApi(deps))
    .route("/change-sets", changeSetsApi(changeSetDeps(deps)))
    .route("/clients", clientsApi(deps))
    .route("/fleet", fleetApi(deps))
    .route("/events", eventsApi(deps))
    .route("/topology", topologyApi(deps))
    .route("/map", mapApi(deps))
    .route("/logs", logsApi(deps))
    .route("/devices", logFollowApi({ ...deps, locks: deps.auth.locks }))
    .route("/audit", auditApi(deps))
    .route("/transparency", transparencyApi(deps));
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

function upTo(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: (c) => {
      const title = `Cannot accept more than ${maxSize} bytes`;
      const body = { type: "about:blank", title, status: 413, instance: c.req.path };
      return c.json(body, 413, { "content-type": "application/problem+json" });
    },
  });
}

/** Modules whose changes can take rights away; live streams then look again whether they may go on. */
const RIGHTS = /\/(auth|users|roles|api-keys|sso-providers|tenants|settings)(\/|$)/;

function tellAccess(bus: Bus): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const isChange = c.req.method !== "GET" && c.req.method !== "HEAD";
    if (isChange && c.res.ok && RIGHTS.test(c.req.path)) {
      bus.broadcast(subjects.accessChanged, new Uint8Array());
    }
  };
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
