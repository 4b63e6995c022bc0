import { z } from "@hono/zod-openapi";
import { PushPreview } from "@/core/contract/push_views.ts";
import {
  RestoreChoice,
  RestorePlan,
  RestoreRequest,
  RestoreSource,
} from "@/core/contract/restores.ts";
import { planRestore } from "@/core/restores/plan_restore.ts";
import { previewRestore, type RestoreDeps, startRestore } from "@/core/restores/start_restore.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
  UNREACHABLE,
} from "../http/api_route.ts";

const tags = ["configs"];
const params = z.object({ id: z.uuid() });
const problems = { ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT, ...UNREACHABLE };

const plan = apiRoute("configs:push", {
  method: "post",
  path: "/devices/{id}/restores/plan",
  tags,
  summary: "Plan a restore",
  description:
    "Reads what the router runs now and tells what would make it what it was in a version, " +
    "of itself or of another router of the same model, and what cannot be. Changes nothing.",
  request: { params, ...jsonBody(RestoreSource) },
  responses: { 200: json(RestorePlan, "What differs, secrets hidden"), ...problems },
});
const preview = apiRoute("configs:push", {
  method: "post",
  path: "/devices/{id}/restores/preview",
  tags,
  summary: "Foresee the push of a restore",
  description: "Of all of a plan or of some of its changes. A plan is good for 15 minutes.",
  request: { params, ...jsonBody(RestoreChoice) },
  responses: { 200: json(PushPreview, "What would happen, secrets hidden"), ...problems },
});
const start = apiRoute("configs:push", {
  method: "post",
  path: "/devices/{id}/restores",
  tags,
  summary: "Restore",
  description: "Pushes what a plan, or the chosen part of it, comes to.",
  request: { params, ...jsonBody(RestoreRequest) },
  responses: { 201: json(z.object({ id: z.uuid() }), "The push"), ...problems },
});

/** `/api/devices/{id}/restores` */
export function restoresApi(deps: RestoreDeps) {
  return apiModule()
    .openapi(plan, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await planRestore(c.var.scope, deps.backups, id, c.req.valid("json")), 200);
    })
    .openapi(preview, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await previewRestore(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(start, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await startRestore(c.var.scope, deps, id, c.req.valid("json")), 201);
    });
}
