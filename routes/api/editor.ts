import { z } from "@hono/zod-openapi";
import { RevealReason } from "@/core/contract/configs.ts";
import { MenuPath } from "@/core/contract/config_commands.ts";
import {
  EditorMenu,
  EditorTable,
  EditorTables,
  EditorValues,
  MenuList,
} from "@/core/contract/editor/table.ts";
import {
  type EditorDeps,
  listMenus,
  listValues,
  readTable,
  readTables,
  revealTable,
} from "@/core/config_editor/editor.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  json,
  jsonBody,
  LIMITED,
  NOT_FOUND,
} from "../http/api_route.ts";
import { ROUTER_PROBLEMS } from "../http/router_problems.ts";

const tags = ["editor"];
const params = z.object({ id: z.uuid() });
const failures = { ...COMMON_PROBLEMS, ...NOT_FOUND, ...LIMITED, ...ROUTER_PROBLEMS };
/** One that every router has, so that asking for none answers something. */
const menu = MenuPath.default("/interface");

const menus = apiRoute("configs:read", {
  method: "get",
  path: "/{id}/editor/menus",
  tags,
  summary: "List the menus of a router's version",
  description: "By what is recorded of RouterOS; the router itself is not asked.",
  request: { params },
  responses: {
    200: json(z.object({ items: z.array(EditorMenu) }), "The menus"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const table = apiRoute("configs:read", {
  method: "get",
  path: "/{id}/editor/table",
  tags,
  summary: "Read a menu of a router, live",
  description:
    "Every attribute, static and dynamic items; secrets are hidden. Too many are not read.",
  request: { params, query: z.object({ menu }) },
  responses: { 200: json(EditorTable, "The items"), ...failures },
});
const tables = apiRoute("configs:read", {
  method: "get",
  path: "/{id}/editor/tables",
  tags,
  summary: "Read several menus of a router, live",
  description: "At most twenty, by comma. A menu that the router lacks says so in its place.",
  request: {
    params,
    query: z.object({ menus: z.string().max(2_000).default("/interface").pipe(MenuList) }),
  },
  responses: { 200: json(EditorTables, "The menus"), ...failures },
});
const values = apiRoute("configs:read", {
  method: "get",
  path: "/{id}/editor/values",
  tags,
  summary: "List what an attribute is across a menu, live",
  description: "What other menus may name: pools, interfaces, lists. Each once, 500 at most.",
  request: {
    params,
    query: z.object({
      menu,
      attribute: z.string().regex(/^[a-z0-9.][a-z0-9.-]*$/).max(80).default("name"),
    }),
  },
  responses: { 200: json(EditorValues, "The values"), ...failures },
});
const reveal = apiRoute("configs:reveal", {
  method: "post",
  path: "/{id}/editor/reveal",
  tags,
  summary: "Read a menu of a router with its secrets",
  description: "Who did it, when and why stands in the audit log.",
  request: { params, ...jsonBody(RevealReason.extend({ menu: MenuPath })) },
  responses: { 200: json(EditorTable, "The items"), ...failures },
});

/** `/api/devices/{id}/editor`. */
export function editorApi(deps: EditorDeps) {
  return apiModule()
    .openapi(
      menus,
      async (c) => c.json({ items: await listMenus(c.var.scope, c.req.valid("param").id) }, 200),
    )
    .openapi(table, async (c) => {
      const { menu } = c.req.valid("query");
      return c.json(await readTable(c.var.scope, deps, c.req.valid("param").id, menu), 200);
    })
    .openapi(tables, async (c) => {
      const { menus } = c.req.valid("query");
      return c.json(await readTables(c.var.scope, deps, c.req.valid("param").id, menus), 200);
    })
    .openapi(values, async (c) => {
      const query = c.req.valid("query");
      return c.json(await listValues(c.var.scope, deps, c.req.valid("param").id, query), 200);
    })
    .openapi(reveal, async (c) => {
      const { menu, reason } = c.req.valid("json");
      const { id } = c.req.valid("param");
      c.header("cache-control", "no-store");
      return c.json(await revealTable(c.var.scope, deps, id, menu, reason), 200);
    });
}
