import { z } from "@hono/zod-openapi";
import { NewTag, Tag, TagPatch } from "@/core/contract/tags.ts";
import { addTag, listTags, removeTag, type TagDeps, updateTag } from "@/core/tags/tags.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["tags"];
const Id = z.object({ id: z.uuid() });

const list = apiRoute("groups:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List tags",
  description: "By name, each with how many routers have it.",
  responses: { 200: json(z.object({ items: z.array(Tag) }), "The tags"), ...COMMON_PROBLEMS },
});
const create = apiRoute("groups:write", {
  method: "post",
  path: "/",
  tags,
  summary: "Add a tag",
  request: jsonBody(NewTag),
  responses: { 201: json(Tag, "The tag"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const update = apiRoute("groups:write", {
  method: "patch",
  path: "/{id}",
  tags,
  summary: "Rename or recolour a tag",
  request: { params: Id, ...jsonBody(TagPatch) },
  responses: { 200: json(Tag, "The tag"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const remove = apiRoute("groups:write", {
  method: "delete",
  path: "/{id}",
  tags,
  summary: "Remove a tag",
  description: "From every router, too.",
  request: { params: Id },
  responses: { 204: { description: "Removed" }, ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});

/** `/api/tags`. */
export function tagsApi(deps: TagDeps) {
  return apiModule()
    .openapi(list, async (c) => c.json({ items: await listTags(c.var.scope) }, 200))
    .openapi(create, async (c) => {
      return c.json(await addTag(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateTag(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await removeTag(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
