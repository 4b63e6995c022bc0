import { z } from "@hono/zod-openapi";
import type { BackupDeps } from "@/core/configs/back_up.ts";
import { blameConfig } from "@/core/configs/blame.ts";
import { pinVersion } from "@/core/configs/pin.ts";
import { changeConfigPolicy, type PolicyDeps, readConfigPolicy } from "@/core/configs/policy.ts";
import { ConfigPolicy, ConfigPolicyChange, PinChange } from "@/core/contract/config_policy.ts";
import { ConfigBlame, ConfigVersion } from "@/core/contract/configs.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["configs"];
const VersionId = z.object({ id: z.uuid(), version: z.uuid() });

const readPolicy = apiRoute("configs:read", {
  method: "get",
  path: "/configs/policy",
  tags,
  summary: "How long versions of configurations are kept",
  responses: { 200: json(ConfigPolicy, "What holds"), ...COMMON_PROBLEMS },
});
const changePolicy = apiRoute("settings:write", {
  method: "put",
  path: "/configs/policy",
  tags,
  summary: "Change how long versions of configurations are kept",
  description:
    "Old versions go within hours, for good. The newest of each router, pinned versions and those that were restored stay.",
  request: jsonBody(ConfigPolicyChange),
  responses: { 200: json(ConfigPolicy, "What holds now"), ...COMMON_PROBLEMS },
});
const blame = apiRoute("configs:read", {
  method: "get",
  path: "/devices/{id}/configs/{version}/blame",
  tags,
  summary: "Which version brought each item, which changed it last, and what brought those",
  request: { params: VersionId },
  responses: { 200: json(ConfigBlame, "Item by item"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const pin = apiRoute("configs:write", {
  method: "put",
  path: "/devices/{id}/configs/{version}/pin",
  tags,
  summary: "Pin a version, or name it",
  description: "A pinned version is kept whatever its age.",
  request: { params: VersionId, ...jsonBody(PinChange) },
  responses: { 200: json(ConfigVersion, "The version"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

export interface ConfigsDeps extends BackupDeps, PolicyDeps {}

/** What is kept of configurations, and what brought it. */
export function configHistoryApi(deps: ConfigsDeps) {
  return apiModule()
    .openapi(readPolicy, async (c) => c.json(await readConfigPolicy(c.var.scope, deps), 200))
    .openapi(
      changePolicy,
      async (c) => c.json(await changeConfigPolicy(c.var.scope, deps, c.req.valid("json")), 200),
    )
    .openapi(blame, async (c) => {
      const { id, version } = c.req.valid("param");
      return c.json(await blameConfig(c.var.scope, deps, id, version), 200);
    })
    .openapi(pin, async (c) => {
      const { id, version } = c.req.valid("param");
      const change = c.req.valid("json");
      return c.json(await pinVersion(c.var.scope, deps, id, version, change), 200);
    });
}
