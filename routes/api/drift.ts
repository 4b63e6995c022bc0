import { z } from "@hono/zod-openapi";
import {
  Baseline,
  BaselinePatch,
  BaselineText,
  DeviceBaselineChoice,
  DeviceDrift,
  DriftChoice,
  DriftIgnore,
  NewGroupBaseline,
  NewIgnore,
  RevertPlan,
  RevertRequest,
} from "@/core/contract/drift.ts";
import { adoptDrift } from "@/core/drift/adopt.ts";
import {
  addGroupBaseline,
  changeBaseline,
  chooseBaseline,
  type DriftDeps,
  listGroupBaselines,
  readBaseline,
  removeBaseline,
} from "@/core/drift/baselines.ts";
import { deviceDrift } from "@/core/drift/device_drift.ts";
import { addIgnore, listIgnores, removeIgnore } from "@/core/drift/ignores.ts";
import { revertDrift, shownRevert } from "@/core/drift/revert.ts";
import type { PushesDeps } from "@/core/pushes/deps.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NO_CONTENT,
  NOT_FOUND,
  STALE,
} from "../http/api_route.ts";

const tags = ["drift"];
const Id = z.object({ id: z.uuid() });

const baselines = apiRoute("compliance:read", {
  method: "get",
  path: "/drift/baselines",
  tags,
  summary: "List the baselines of groups",
  responses: {
    200: json(z.object({ items: z.array(Baseline) }), "Baselines"),
    ...COMMON_PROBLEMS,
  },
});
const newBaseline = apiRoute("compliance:write", {
  method: "post",
  path: "/drift/baselines",
  tags,
  summary: "Say what every router of a group must hold",
  description:
    "A part of a configuration: menus, `add` and `set`. In `wholeMenus` nothing else may " +
    "be; elsewhere the routers may hold more, and attributes that are not named are free.",
  request: jsonBody(NewGroupBaseline),
  responses: {
    201: json(Baseline, "The baseline"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const baseline = apiRoute("compliance:read", {
  method: "get",
  path: "/drift/baselines/{id}",
  tags,
  summary: "Read a baseline with its text, secrets hidden",
  request: { params: Id },
  responses: { 200: json(BaselineText, "The baseline"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const patchBaseline = apiRoute("compliance:write", {
  method: "patch",
  path: "/drift/baselines/{id}",
  tags,
  summary: "Change the baseline of a group",
  description: "Secrets that are left hidden stay what they are.",
  request: { params: Id, ...jsonBody(BaselinePatch) },
  responses: {
    200: json(Baseline, "The baseline"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
    ...STALE,
  },
});
const dropBaseline = apiRoute("compliance:write", {
  method: "delete",
  path: "/drift/baselines/{id}",
  tags,
  summary: "Remove a baseline, of a group or a router",
  request: { params: Id },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const ignores = apiRoute("compliance:read", {
  method: "get",
  path: "/drift/ignores",
  tags,
  summary: "List what may differ",
  responses: {
    200: json(z.object({ items: z.array(DriftIgnore) }), "Newest first"),
    ...COMMON_PROBLEMS,
  },
});
const newIgnore = apiRoute("compliance:write", {
  method: "post",
  path: "/drift/ignores",
  tags,
  summary: "Say what may differ, and why",
  request: jsonBody(NewIgnore),
  responses: {
    201: json(DriftIgnore, "It"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const dropIgnore = apiRoute("compliance:write", {
  method: "delete",
  path: "/drift/ignores/{id}",
  tags,
  summary: "Watch it again",
  request: { params: Id },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const drift = apiRoute("compliance:read", {
  method: "get",
  path: "/devices/{id}/drift",
  tags,
  summary: "Read how a router differs from its baselines, item by item",
  request: { params: Id },
  responses: { 200: json(DeviceDrift, "Items"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const choose = apiRoute("compliance:write", {
  method: "put",
  path: "/devices/{id}/baseline",
  tags,
  summary: "Make a kept version the router's baseline",
  request: { params: Id, ...jsonBody(DeviceBaselineChoice) },
  responses: { 200: json(Baseline, "The baseline"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const adopt = apiRoute("compliance:write", {
  method: "post",
  path: "/devices/{id}/drift/adopt",
  tags,
  summary: "Have baselines take what the router has, in chosen items",
  description: "The baseline of a group changes for all of its routers.",
  request: { params: Id, ...jsonBody(DriftChoice) },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT, ...STALE },
});
const plan = apiRoute("configs:push", {
  method: "post",
  path: "/devices/{id}/drift/plan",
  tags,
  summary: "Read the commands that make chosen items as the baselines have them",
  description: "Push them as any other change. With secrets among them they are for the server " +
    "alone: `commands` is null, and `shown` says what would be done.",
  request: { params: Id, ...jsonBody(DriftChoice) },
  responses: { 200: json(RevertPlan, "The plan"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const revert = apiRoute("configs:push", {
  method: "post",
  path: "/devices/{id}/drift/revert",
  tags,
  summary: "Push what makes chosen items as the baselines have them",
  description: "Secrets among the commands do not leave the server.",
  request: { params: Id, ...jsonBody(RevertRequest) },
  responses: {
    201: json(z.object({ id: z.uuid() }), "The push"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});

/** `/api/drift` and `/api/devices/{id}/drift`. */
export function driftApi(deps: DriftDeps & PushesDeps) {
  return apiModule()
    .openapi(baselines, async (c) => c.json({ items: await listGroupBaselines(c.var.scope) }, 200))
    .openapi(newBaseline, async (c) => {
      return c.json(await addGroupBaseline(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(baseline, async (c) => {
      return c.json(await readBaseline(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(patchBaseline, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await changeBaseline(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(dropBaseline, async (c) => {
      await removeBaseline(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(ignores, async (c) => c.json({ items: await listIgnores(c.var.scope) }, 200))
    .openapi(newIgnore, async (c) => {
      return c.json(await addIgnore(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(dropIgnore, async (c) => {
      await removeIgnore(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(drift, async (c) => {
      return c.json(await deviceDrift(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(choose, async (c) => {
      const { versionId } = c.req.valid("json");
      const { id } = c.req.valid("param");
      return c.json(await chooseBaseline(c.var.scope, deps, id, versionId), 200);
    })
    .openapi(adopt, async (c) => {
      await adoptDrift(c.var.scope, deps, c.req.valid("param").id, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(plan, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await shownRevert(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(revert, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await revertDrift(c.var.scope, deps, id, c.req.valid("json")), 201);
    });
}
