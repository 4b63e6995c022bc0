import { z } from "@hono/zod-openapi";
import {
  ChangeConflicts,
  ChangeEdit,
  ChangeSet,
  ChangeSetFilter,
  ChangeSetHead,
  ChangeSetList,
  ChangeSetPatch,
  NewChanges,
  NewChangeSet,
  NewComment,
  PushChangeSet,
  PushedRouter,
  ReviewVerdict,
  RouterPreview,
} from "@/core/contract/change_sets.ts";
import { RevealReason } from "@/core/contract/configs.ts";
import {
  commentChangeSet,
  createChangeSet,
  discardChangeSet,
  listChangeSets,
  renameChangeSet,
} from "@/core/change_sets/change_sets.ts";
import { findConflicts } from "@/core/change_sets/conflicts.ts";
import type { ChangeSetDeps } from "@/core/change_sets/deps.ts";
import { addChanges, editChange, undoChange } from "@/core/change_sets/edit_changes.ts";
import { previewChangeSet } from "@/core/change_sets/preview_set.ts";
import { pushChangeSet } from "@/core/change_sets/push_set.ts";
import { readChangeSet, revealChangeSet } from "@/core/change_sets/read_set.ts";
import { askForReview, reviewChangeSet } from "@/core/change_sets/review.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NO_CONTENT,
  NOT_FOUND,
} from "../http/api_route.ts";
import { ROUTER_PROBLEMS } from "../http/router_problems.ts";

const tags = ["change sets"];
const params = z.object({ id: z.uuid() });
const changeParams = params.extend({ change: z.uuid() });
const failures = { ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT };
const done = { ...NO_CONTENT, ...failures };

const list = apiRoute("configs:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List change sets",
  description: "The latest first. `own`: those that whoever asks wrote in.",
  request: {
    query: z.object({
      filter: ChangeSetFilter.default("all"),
      device: z.uuid().optional(),
      own: z.enum(["true", "false"]).default("false"),
      cursor: z.string().max(1_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(ChangeSetList, "A page"), ...COMMON_PROBLEMS },
});
const create = apiRoute("configs:write", {
  method: "post",
  path: "/",
  tags,
  summary: "Begin a change set",
  request: jsonBody(NewChangeSet),
  responses: { 201: json(ChangeSetHead, "An empty draft"), ...COMMON_PROBLEMS },
});
const read = apiRoute("configs:read", {
  method: "get",
  path: "/{id}",
  tags,
  summary: "Read a change set, its secrets hidden",
  request: { params },
  responses: { 200: json(ChangeSet, "The change set"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const reveal = apiRoute("configs:reveal", {
  method: "post",
  path: "/{id}/reveal",
  tags,
  summary: "Read a change set with its secrets",
  description: "Who did it, when and why stands in the audit log.",
  request: { params, ...jsonBody(RevealReason) },
  responses: { 200: json(ChangeSet, "The change set"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const rename = apiRoute("configs:write", {
  method: "patch",
  path: "/{id}",
  tags,
  summary: "Rename a change set",
  request: { params, ...jsonBody(ChangeSetPatch) },
  responses: { 200: json(ChangeSetHead, "The change set"), ...failures },
});
const discard = apiRoute("configs:write", {
  method: "post",
  path: "/{id}/discard",
  tags,
  summary: "Discard a change set",
  description: "It stays to be read, and is never pushed.",
  request: { params },
  responses: done,
});
const add = apiRoute("configs:write", {
  method: "post",
  path: "/{id}/changes",
  tags,
  summary: "Add changes of one router",
  description:
    "Each is kept with the item as the router holds it now; what is about an item that " +
    "waits already is merged with it. Any edit drops a review.",
  request: { params, ...jsonBody(NewChanges) },
  responses: { ...done, ...ROUTER_PROBLEMS },
});
const edit = apiRoute("configs:write", {
  method: "put",
  path: "/{id}/changes/{change}",
  tags,
  summary: "Put another command in place of a pending one",
  description: "For the same menu and item. A hidden secret that comes back stays what it was.",
  request: { params: changeParams, ...jsonBody(ChangeEdit) },
  responses: done,
});
const undo = apiRoute("configs:write", {
  method: "delete",
  path: "/{id}/changes/{change}",
  tags,
  summary: "Take a pending change back",
  request: { params: changeParams },
  responses: done,
});
const comment = apiRoute("configs:write", {
  method: "post",
  path: "/{id}/comments",
  tags,
  summary: "Comment on a change set",
  request: { params, ...jsonBody(NewComment) },
  responses: done,
});
const ask = apiRoute("configs:write", {
  method: "post",
  path: "/{id}/review-request",
  tags,
  summary: "Ask for a review",
  request: { params },
  responses: done,
});
const review = apiRoute("configs:approve", {
  method: "post",
  path: "/{id}/review",
  tags,
  summary: "Approve a change set, or give it back",
  description: "403 to whoever wrote in it. `revision` is what was looked at.",
  request: { params, ...jsonBody(ReviewVerdict) },
  responses: done,
});
const conflicts = apiRoute("configs:read", {
  method: "get",
  path: "/{id}/conflicts",
  tags,
  summary: "Compare what changes were made against with the routers as they are",
  request: { params },
  responses: { 200: json(ChangeConflicts, "What differs"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const preview = apiRoute("configs:push", {
  method: "get",
  path: "/{id}/preview",
  tags,
  summary: "What a push would meet at each router",
  description: "What guards it there, and which change may cut the router off. Nothing is changed.",
  request: { params },
  responses: {
    200: json(z.object({ items: z.array(RouterPreview) }), "Router by router"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const push = apiRoute("configs:push", {
  method: "post",
  path: "/{id}/push",
  tags,
  summary: "Push a change set",
  description: "Each router's part is one push of its own, which undoes itself unless it is " +
    "confirmed. Routers that refused or reverted can be pushed again.",
  request: { params, ...jsonBody(PushChangeSet) },
  responses: {
    200: json(z.object({ items: z.array(PushedRouter) }), "How it began, router by router"),
    ...failures,
  },
});

/** `/api/change-sets`. */
export function changeSetsApi(deps: ChangeSetDeps) {
  return apiModule()
    .openapi(list, async (c) => {
      const { own, ...query } = c.req.valid("query");
      return c.json(await listChangeSets(c.var.scope, { ...query, isOwn: own === "true" }), 200);
    })
    .openapi(create, async (c) => {
      return c.json(await createChangeSet(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(read, async (c) => {
      return c.json(await readChangeSet(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(reveal, async (c) => {
      const { reason } = c.req.valid("json");
      c.header("cache-control", "no-store");
      const { id } = c.req.valid("param");
      return c.json(await revealChangeSet(c.var.scope, deps, id, reason), 200);
    })
    .openapi(rename, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await renameChangeSet(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(discard, async (c) => {
      await discardChangeSet(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(add, async (c) => {
      const { id } = c.req.valid("param");
      await addChanges(c.var.scope, deps, id, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(edit, async (c) => {
      const { id, change } = c.req.valid("param");
      await editChange(c.var.scope, deps, id, change, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(undo, async (c) => {
      const { id, change } = c.req.valid("param");
      await undoChange(c.var.scope, deps, id, change);
      return c.body(null, 204);
    })
    .openapi(comment, async (c) => {
      const { id } = c.req.valid("param");
      await commentChangeSet(c.var.scope, deps, id, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(ask, async (c) => {
      const { id } = c.req.valid("param");
      await askForReview(c.var.scope, deps, id);
      return c.body(null, 204);
    })
    .openapi(review, async (c) => {
      const { id } = c.req.valid("param");
      await reviewChangeSet(c.var.scope, deps, id, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(conflicts, async (c) => {
      return c.json(await findConflicts(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(preview, async (c) => {
      const items = await previewChangeSet(c.var.scope, deps, c.req.valid("param").id);
      return c.json({ items }, 200);
    })
    .openapi(push, async (c) => {
      const { id } = c.req.valid("param");
      const items = await pushChangeSet(c.var.scope, deps, id, c.req.valid("json"));
      return c.json({ items }, 200);
    });
}
