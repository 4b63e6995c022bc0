import { z } from "@hono/zod-openapi";
import { PushRequest } from "@/core/contract/pushes.ts";
import {
  PreviewRequest,
  Push,
  PushFilter,
  PushPage,
  PushPolicy,
  PushPreview,
} from "@/core/contract/push_views.ts";
import { closePush, confirmPush, revertPush } from "@/core/pushes/decide_push.ts";
import type { PushesDeps } from "@/core/pushes/deps.ts";
import { previewPush } from "@/core/pushes/preview_push.ts";
import { listPushes, readPush } from "@/core/pushes/read_pushes.ts";
import { getPushPolicy, savePushPolicy } from "@/core/pushes/push_policy.ts";
import { startPush } from "@/core/pushes/start_push.ts";
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

const tags = ["pushes"];
const Id = z.object({ id: z.uuid() });
const decided = {
  204: { description: "Taken" },
  ...COMMON_PROBLEMS,
  ...NOT_FOUND,
  ...CONFLICT,
};

const preview = apiRoute("configs:push", {
  method: "post",
  path: "/devices/{id}/pushes/preview",
  tags,
  summary: "Foresee a change of a router",
  description:
    "Reads what the commands touch and changes nothing: what each does, what would bring the old " +
    "configuration back, and what may cut the router off.",
  request: { params: Id, ...jsonBody(PreviewRequest) },
  responses: {
    200: json(PushPreview, "What would happen"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...UNREACHABLE,
  },
});
const start = apiRoute("configs:push", {
  method: "post",
  path: "/pushes",
  tags,
  summary: "Push a change to a router",
  description:
    "A job drives it from here on. 409 while another push of the router has not ended; 422 names " +
    "commands that the router cannot carry out, and `typedName` where the router's name must be typed.",
  request: jsonBody(PushRequest),
  responses: {
    201: json(z.object({ id: z.uuid() }), "The push"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
    ...UNREACHABLE,
  },
});
const list = apiRoute("configs:read", {
  method: "get",
  path: "/pushes",
  tags,
  summary: "List pushes",
  description:
    "Newest first. `state`: one of a push, or `open` (not ended), `waiting` (for a person).",
  request: {
    query: z.object({
      device: z.uuid().optional(),
      state: PushFilter.default("all"),
      q: z.string().max(200).optional(),
      cursor: z.string().max(1_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(PushPage, "A page of pushes"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const policy = apiRoute("configs:read", {
  method: "get",
  path: "/pushes/policy",
  tags,
  summary: "Read what the organisation asks of those who push",
  responses: { 200: json(PushPolicy, "The policy"), ...COMMON_PROBLEMS },
});
const setPolicy = apiRoute("settings:write", {
  method: "put",
  path: "/pushes/policy",
  tags,
  summary: "Say who may have changes kept without a person",
  request: jsonBody(PushPolicy),
  responses: { 200: json(PushPolicy, "The policy"), ...COMMON_PROBLEMS },
});
const read = apiRoute("configs:read", {
  method: "get",
  path: "/pushes/{id}",
  tags,
  summary: "Read a push",
  description: "How far it is, what it changes and what happened; secrets are hidden.",
  request: { params: Id },
  responses: { 200: json(Push, "The push"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const confirm = apiRoute("configs:push", {
  method: "post",
  path: "/pushes/{id}/confirm",
  tags,
  summary: "Keep a change that is applied",
  request: { params: Id },
  responses: decided,
});
const revert = apiRoute("configs:push", {
  method: "post",
  path: "/pushes/{id}/revert",
  tags,
  summary: "Take a change back",
  request: { params: Id },
  responses: decided,
});
const close = apiRoute("configs:push", {
  method: "post",
  path: "/pushes/{id}/close",
  tags,
  summary: "Give up on a push whose outcome nobody can find out",
  description: "For a router that was replaced or reset: its outcome stays unknown.",
  request: { params: Id },
  responses: decided,
});

/** `/api/pushes` and `/api/devices/{id}/pushes`. */
export function pushesApi(deps: PushesDeps) {
  return apiModule()
    .openapi(preview, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await previewPush(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(start, async (c) => {
      return c.json(await startPush(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(list, async (c) => {
      const { device, state, ...query } = c.req.valid("query");
      const wanted = { ...query, deviceId: device, filter: state };
      return c.json(await listPushes(c.var.scope, wanted), 200);
    })
    .openapi(policy, async (c) => c.json(await getPushPolicy(c.var.scope), 200))
    .openapi(setPolicy, async (c) => {
      return c.json(await savePushPolicy(c.var.scope, deps, c.req.valid("json")), 200);
    })
    .openapi(read, async (c) => {
      return c.json(await readPush(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(confirm, async (c) => {
      await confirmPush(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(revert, async (c) => {
      await revertPush(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(close, async (c) => {
      await closePush(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
