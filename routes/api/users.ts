import { z } from "@hono/zod-openapi";
import { IssuedLink, NewUser, User, UserPatch } from "@/core/contract/users.ts";
import {
  deleteUser,
  getUser,
  inviteUser,
  issueLink,
  listUsers,
  updateUser,
  type UserDeps,
} from "@/core/users/users.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
  STALE,
} from "../http/api_route.ts";
import { etagOf, revisionOf } from "../http/etag.ts";

const tags = ["users"];
const Id = z.object({ id: z.uuid() });
const Invited = z.object({ user: User, link: IssuedLink });

const list = apiRoute("users:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List users",
  request: {
    query: z.object({
      q: z.string().max(200).optional(),
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: {
    200: json(z.object({ items: z.array(User), nextCursor: z.string().nullable() }), "By address"),
    ...COMMON_PROBLEMS,
  },
});
const invite = apiRoute("users:write", {
  method: "post",
  path: "/",
  tags,
  summary: "Invite a user",
  description:
    "The link's token is in this answer and nowhere else: give it to them as /enrol#token.",
  request: jsonBody(NewUser),
  responses: { 201: json(Invited, "The user and their link"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const read = apiRoute("users:read", {
  method: "get",
  path: "/{id}",
  tags,
  summary: "Read a user",
  request: { params: Id },
  responses: { 200: json(User, "The user"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const update = apiRoute("users:write", {
  method: "patch",
  path: "/{id}",
  tags,
  summary: "Change a user",
  description: "Another role, or deactivating, ends every session of the user at once.",
  request: { params: Id, ...jsonBody(UserPatch) },
  responses: {
    200: json(User, "The user now"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
    ...STALE,
  },
});
const remove = apiRoute("users:write", {
  method: "delete",
  path: "/{id}",
  tags,
  summary: "Delete a user",
  description: "Erases who they were, in the audit log too; its chain stays whole.",
  request: { params: Id },
  responses: {
    204: { description: "They are forgotten" },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const link = apiRoute("users:write", {
  method: "post",
  path: "/{id}/link",
  tags,
  summary: "Issue a one-time link",
  description: "An invitation for who has not enrolled, a recovery for who has.",
  request: { params: Id },
  responses: {
    201: json(IssuedLink, "Shown once"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});

/** `/api/users`. */
export function usersApi(deps: UserDeps) {
  return apiModule()
    .openapi(list, async (c) => {
      const { q, ...query } = c.req.valid("query");
      const { users, nextCursor } = await listUsers(c.var.scope, { ...query, text: q });
      return c.json({ items: users, nextCursor }, 200);
    })
    .openapi(invite, async (c) => {
      const invited = await inviteUser(c.var.scope, deps, c.req.valid("json"));
      c.header("cache-control", "no-store");
      return c.json(invited, 201);
    })
    .openapi(read, async (c) => {
      const user = await getUser(c.var.scope, c.req.valid("param").id);
      c.header("etag", etagOf(user.revision));
      return c.json(user, 200);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      const ifRevision = revisionOf(c.req.header("if-match"));
      const user = await updateUser(c.var.scope, deps, id, c.req.valid("json"), { ifRevision });
      c.header("etag", etagOf(user.revision));
      return c.json(user, 200);
    })
    .openapi(remove, async (c) => {
      await deleteUser(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(link, async (c) => {
      const issued = await issueLink(c.var.scope, deps, c.req.valid("param").id);
      c.header("cache-control", "no-store");
      return c.json(issued, 201);
    });
}
