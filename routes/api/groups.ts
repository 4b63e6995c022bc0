import { z } from "@hono/zod-openapi";
import { Group, GroupPatch, MemberChange, NewGroup } from "@/core/contract/groups.ts";
import {
  addGroup,
  getGroup,
  type GroupDeps,
  listGroups,
  removeGroup,
  updateGroup,
} from "@/core/groups/groups.ts";
import { changeMembers } from "@/core/groups/members.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["groups"];
const Id = z.object({ id: z.uuid() });

const list = apiRoute("groups:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List groups",
  description:
    'By name, each with its members counted as they are now. `q=group:"name"` lists them.',
  responses: { 200: json(z.object({ items: z.array(Group) }), "The groups"), ...COMMON_PROBLEMS },
});
const create = apiRoute("groups:write", {
  method: "post",
  path: "/",
  tags,
  summary: "Add a group",
  description:
    "With a `rule`, a query of the fleet, its members are whatever fits at the moment of asking; " +
    "without one they are chosen. Rules may name groups, but not in a circle.",
  request: jsonBody(NewGroup),
  responses: { 201: json(Group, "The group"), ...COMMON_PROBLEMS, ...CONFLICT },
});
const read = apiRoute("groups:read", {
  method: "get",
  path: "/{id}",
  tags,
  summary: "Read a group",
  request: { params: Id },
  responses: { 200: json(Group, "The group"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const update = apiRoute("groups:write", {
  method: "patch",
  path: "/{id}",
  tags,
  summary: "Change a group",
  description:
    "Rules that name the group follow its name. A rule in place of chosen members forgets them.",
  request: { params: Id, ...jsonBody(GroupPatch) },
  responses: { 200: json(Group, "The group"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const remove = apiRoute("groups:write", {
  method: "delete",
  path: "/{id}",
  tags,
  summary: "Remove a group",
  description: "Its routers stay. 409 while the rule of another group names it.",
  request: { params: Id },
  responses: { 204: { description: "Removed" }, ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});
const members = apiRoute("groups:write", {
  method: "post",
  path: "/{id}/members",
  tags,
  summary: "Choose members of a group",
  description: "Adds and takes away; 409 for a group with a rule.",
  request: { params: Id, ...jsonBody(MemberChange) },
  responses: { 200: json(Group, "The group"), ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});

/** `/api/groups`. */
export function groupsApi(deps: GroupDeps) {
  return apiModule()
    .openapi(list, async (c) => c.json({ items: await listGroups(c.var.scope) }, 200))
    .openapi(create, async (c) => {
      return c.json(await addGroup(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(read, async (c) => {
      return c.json(await getGroup(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateGroup(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await removeGroup(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(members, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await changeMembers(c.var.scope, deps, id, c.req.valid("json")), 200);
    });
}
