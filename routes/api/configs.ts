import { z } from "@hono/zod-openapi";
import {
  BackupFilter,
  BackupOutcome,
  BackupOverview,
  ConfigComparison,
  ConfigSearch,
  ConfigText,
  ListedVersion,
  RevealReason,
} from "@/core/contract/configs.ts";
import type { BackupDeps } from "@/core/configs/back_up.ts";
import { backUpEverything, backUpNow } from "@/core/configs/order_backups.ts";
import { backupOverview } from "@/core/configs/overview.ts";
import {
  compareConfigs,
  listVersions,
  readConfig,
  revealConfig,
} from "@/core/configs/read_versions.ts";
import { searchConfigs } from "@/core/configs/search.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";
import { download } from "../http/download.ts";

const tags = ["configs"];
const DeviceId = z.object({ id: z.uuid() });
const VersionId = DeviceId.extend({ version: z.uuid() });

const overview = apiRoute("configs:read", {
  method: "get",
  path: "/configs",
  tags,
  summary: "List how backups of configurations go",
  request: {
    query: z.object({
      filter: BackupFilter.default("all"),
      q: z.string().max(200).optional(),
      cursor: z.string().max(1_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(BackupOverview, "By router"), ...COMMON_PROBLEMS },
});
const everything = apiRoute("configs:write", {
  method: "post",
  path: "/configs/backups",
  tags,
  summary: "Back up every router now",
  description: "Each is read as soon as its turn comes; the overview tells how far it is.",
  responses: {
    202: json(z.object({ devices: z.number() }), "How many will be read"),
    ...COMMON_PROBLEMS,
  },
});
const search = apiRoute("configs:read", {
  method: "get",
  path: "/configs/search",
  tags,
  summary: "Search every router's configuration, now or as it was",
  description:
    "Each word must stand in a line or its menu. Secrets are neither searched nor shown. With `at` as it " +
    "was then, with `until` too at any moment between: each version that was in force is searched.",
  request: {
    query: z.object({
      q: z.string().min(1).max(300),
      at: z.iso.datetime().optional(),
      until: z.iso.datetime().optional(),
    }),
  },
  responses: { 200: json(ConfigSearch, "The lines that fit"), ...COMMON_PROBLEMS },
});
const list = apiRoute("configs:read", {
  method: "get",
  path: "/devices/{id}/configs",
  tags,
  summary: "List the versions of a router's configuration",
  request: { params: DeviceId },
  responses: {
    200: json(z.object({ items: z.array(ListedVersion) }), "Newest first"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const now = apiRoute("configs:write", {
  method: "post",
  path: "/devices/{id}/configs",
  tags,
  summary: "Back up a router now",
  description: "Waits until it is done. What says the same as before makes no version.",
  request: { params: DeviceId },
  responses: { 200: json(BackupOutcome, "How it went"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const compare = apiRoute("configs:read", {
  method: "get",
  path: "/devices/{id}/configs/compare",
  tags,
  summary: "Compare two versions, item by item and line by line",
  request: { params: DeviceId, query: z.object({ from: z.uuid(), to: z.uuid() }) },
  responses: { 200: json(ConfigComparison, "What differs"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const read = apiRoute("configs:read", {
  method: "get",
  path: "/devices/{id}/configs/{version}",
  tags,
  summary: "Read a version, its secrets hidden",
  request: { params: VersionId },
  responses: { 200: json(ConfigText, "The text"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const file = apiRoute("configs:read", {
  method: "get",
  path: "/devices/{id}/configs/{version}/file",
  tags,
  summary: "Download a version, its secrets hidden",
  request: { params: VersionId },
  responses: {
    200: { description: "The file", content: { "text/plain": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const reveal = apiRoute("configs:reveal", {
  method: "post",
  path: "/devices/{id}/configs/{version}/reveal",
  tags,
  summary: "Read a version with its secrets",
  description: "Who did it, when and why stands in the audit log.",
  request: { params: VersionId, ...jsonBody(RevealReason) },
  responses: { 200: json(ConfigText, "The text"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/configs` and `/api/devices/{id}/configs`. */
export function configsApi(deps: BackupDeps) {
  return apiModule()
    .openapi(
      overview,
      async (c) => c.json(await backupOverview(c.var.scope, deps, c.req.valid("query")), 200),
    )
    .openapi(
      everything,
      async (c) => c.json({ devices: await backUpEverything(c.var.scope, deps) }, 202),
    )
    .openapi(
      search,
      async (c) => c.json(await searchConfigs(c.var.scope, deps, c.req.valid("query")), 200),
    )
    .openapi(list, async (c) => {
      return c.json({ items: await listVersions(c.var.scope, c.req.valid("param").id) }, 200);
    })
    .openapi(now, async (c) => {
      return c.json(await backUpNow(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(compare, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await compareConfigs(c.var.scope, deps, id, c.req.valid("query")), 200);
    })
    .openapi(read, async (c) => {
      const { id, version } = c.req.valid("param");
      return c.json(await readConfig(c.var.scope, deps, id, version), 200);
    })
    .openapi(file, async (c) => {
      const { id, version } = c.req.valid("param");
      const { text, version: { takenAt } } = await readConfig(c.var.scope, deps, id, version);
      const name = `router-${id.slice(0, 8)}-${takenAt.slice(0, 19).replaceAll(":", "")}.rsc`;
      return download([text], { name, type: "text/plain" }) as never;
    })
    .openapi(reveal, async (c) => {
      const { id, version } = c.req.valid("param");
      const { reason } = c.req.valid("json");
      c.header("cache-control", "no-store");
      return c.json(await revealConfig(c.var.scope, deps, id, version, reason), 200);
    });
}
