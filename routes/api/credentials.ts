import { z } from "@hono/zod-openapi";
import {
  CredentialProfile,
  CredentialProfilePatch,
  NewCredentialProfile,
} from "@/core/contract/credentials.ts";
import {
  addProfile,
  getProfile,
  listProfiles,
  type ProfileDeps,
  removeProfile,
  updateProfile,
} from "@/core/credentials/profiles.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["credential profiles"];
const Id = z.object({ id: z.uuid() });

const list = apiRoute("credentials:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List credential profiles",
  description: "Logins for many routers, without their passwords.",
  responses: {
    200: json(z.object({ items: z.array(CredentialProfile) }), "The profiles"),
    ...COMMON_PROBLEMS,
  },
});
const create = apiRoute("credentials:write", {
  method: "post",
  path: "/",
  tags,
  summary: "Add a credential profile",
  description: "The password is encrypted before it is stored and never comes back out.",
  request: jsonBody(NewCredentialProfile),
  responses: { 201: json(CredentialProfile, "The profile"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const read = apiRoute("credentials:read", {
  method: "get",
  path: "/{id}",
  tags,
  summary: "Read a credential profile",
  request: { params: Id },
  responses: { 200: json(CredentialProfile, "The profile"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const update = apiRoute("credentials:write", {
  method: "patch",
  path: "/{id}",
  tags,
  summary: "Change a credential profile",
  description:
    "Another password reaches the pollers of all its routers within a second. Another user name needs " +
    "its password too.",
  request: { params: Id, ...jsonBody(CredentialProfilePatch) },
  responses: {
    200: json(CredentialProfile, "The profile"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const remove = apiRoute("credentials:write", {
  method: "delete",
  path: "/{id}",
  tags,
  summary: "Remove a credential profile",
  description: "Only one that no router logs in with.",
  request: { params: Id },
  responses: { 204: { description: "Removed" }, ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});

/** `/api/credential-profiles`. */
export function credentialsApi(deps: ProfileDeps) {
  return apiModule()
    .openapi(list, async (c) => c.json({ items: await listProfiles(c.var.scope) }, 200))
    .openapi(
      create,
      async (c) => c.json(await addProfile(c.var.scope, deps, c.req.valid("json")), 201),
    )
    .openapi(read, async (c) => {
      return c.json(await getProfile(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateProfile(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await removeProfile(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
