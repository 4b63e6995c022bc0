import { z } from "@hono/zod-openapi";
import {
  LibraryTemplate,
  NewTemplate,
  PreviewRequest,
  StoredValue,
  Template,
  TemplateCheck,
  TemplateComparison,
  TemplateFile,
  TemplateImport,
  TemplatePatch,
  TemplatePreview,
  TemplateProblem,
  TemplateSummary,
  TemplateVersion,
  ValueChange,
} from "@/core/contract/templates.ts";
import { LIBRARY } from "@/core/templates/library/mod.ts";
import { previewTemplate } from "@/core/templates/preview.ts";
import {
  compareTemplate,
  exportTemplate,
  getTemplate,
  listTemplates,
  listTemplateVersions,
} from "@/core/templates/read_templates.ts";
import {
  addFromLibrary,
  addTemplate,
  checkText,
  copyTemplate,
  importTemplates,
  removeTemplate,
  type TemplateDeps,
  updateTemplate,
} from "@/core/templates/templates.ts";
import { listValues, setValue } from "@/core/templates/values.ts";
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
import { download } from "../http/download.ts";

const tags = ["templates"];
const params = z.object({ id: z.uuid() });
const Made = { 201: json(Template, "The template"), ...COMMON_PROBLEMS, ...CONFLICT };
const Found = { ...COMMON_PROBLEMS, ...NOT_FOUND };
const version = z.coerce.number().int().min(1).max(1_000_000).optional();

const list = apiRoute("templates:read", {
  method: "get",
  path: "/templates",
  tags,
  summary: "List configuration templates",
  request: {
    query: z.object({ q: z.string().max(200).optional(), tag: z.string().max(40).optional() }),
  },
  responses: {
    200: json(z.object({ items: z.array(TemplateSummary) }), "By name"),
    ...COMMON_PROBLEMS,
  },
});
const create = apiRoute("templates:write", {
  method: "post",
  path: "/templates",
  tags,
  summary: "Add a configuration template",
  description:
    "RouterOS configuration in which `{{name}}` stands for a value. `{{#name}}…{{/name}}` is there for " +
    "each item of a list, or when a boolean is yes; `{{^name}}…{{/name}}` when not. A value is quoted " +
    "and escaped as its place needs: it never becomes a command.",
  request: jsonBody(NewTemplate),
  responses: Made,
});
const library = apiRoute("templates:read", {
  method: "get",
  path: "/templates/library",
  tags,
  summary: "List the templates that come with the product",
  responses: {
    200: json(z.object({ items: z.array(LibraryTemplate) }), "The library"),
    ...COMMON_PROBLEMS,
  },
});
const take = apiRoute("templates:write", {
  method: "post",
  path: "/templates/library",
  tags,
  summary: "Take one of the library as a template of your own",
  request: jsonBody(z.strictObject({ slug: z.string().max(80) })),
  responses: { ...Made, ...NOT_FOUND },
});
const importing = apiRoute("templates:write", {
  method: "post",
  path: "/templates/import",
  tags,
  summary: "Import templates from files",
  description: "All of them, or none. A name that there is gets a number.",
  request: jsonBody(TemplateImport),
  responses: {
    201: json(z.object({ items: z.array(Template) }), "The templates"),
    ...COMMON_PROBLEMS,
    ...CONFLICT,
  },
});
const check = apiRoute("templates:read", {
  method: "post",
  path: "/templates/check",
  tags,
  summary: "Check the text of a template",
  request: jsonBody(TemplateCheck),
  responses: {
    200: json(z.object({ problems: z.array(TemplateProblem) }), "What is wrong with it"),
    ...COMMON_PROBLEMS,
  },
});
const setting = apiRoute("templates:write", {
  method: "put",
  path: "/templates/values",
  tags,
  summary: "Keep a value for a router, a site or all routers; null forgets it",
  description: "Every template that declares a variable of this name uses it. A router takes the " +
    "nearest: its own, its site's, that of a site above, the organisation's, the default.",
  request: jsonBody(ValueChange),
  responses: { ...NO_CONTENT, ...Found },
});
const read = apiRoute("templates:read", {
  method: "get",
  path: "/templates/{id}",
  tags,
  summary: "Read a template",
  request: { params },
  responses: { 200: json(Template, "The template"), ...Found },
});
const update = apiRoute("templates:write", {
  method: "patch",
  path: "/templates/{id}",
  tags,
  summary: "Change a template",
  description:
    "Another text makes another version; all versions stay. 409 when somebody else saved one since " +
    "`version`.",
  request: { params, ...jsonBody(TemplatePatch) },
  responses: { 200: json(Template, "The template"), ...Found, ...CONFLICT },
});
const remove = apiRoute("templates:write", {
  method: "delete",
  path: "/templates/{id}",
  tags,
  summary: "Remove a template with its history",
  request: { params },
  responses: { ...NO_CONTENT, ...Found },
});
const copy = apiRoute("templates:write", {
  method: "post",
  path: "/templates/{id}/copies",
  tags,
  summary: "Duplicate a template",
  request: { params },
  responses: { ...Made, ...NOT_FOUND },
});
const file = apiRoute("templates:read", {
  method: "get",
  path: "/templates/{id}/file",
  tags,
  summary: "Download a template to import it elsewhere",
  request: { params },
  responses: { 200: json(TemplateFile, "The file, without any kept value"), ...Found },
});
const versions = apiRoute("templates:read", {
  method: "get",
  path: "/templates/{id}/versions",
  tags,
  summary: "List the versions of a template",
  request: { params },
  responses: {
    200: json(z.object({ items: z.array(TemplateVersion) }), "Newest first"),
    ...Found,
  },
});
const compare = apiRoute("templates:read", {
  method: "get",
  path: "/templates/{id}/compare",
  tags,
  summary: "Compare two versions of a template",
  request: { params, query: z.object({ from: version, to: version }) },
  responses: { 200: json(TemplateComparison, "What differs"), ...Found },
});
const values = apiRoute("templates:read", {
  method: "get",
  path: "/templates/{id}/values",
  tags,
  summary: "List the values kept for a template's variables",
  request: { params },
  responses: {
    200: json(z.object({ items: z.array(StoredValue), isCut: z.boolean() }), "By variable"),
    ...Found,
  },
});
const preview = apiRoute("templates:read", {
  method: "post",
  path: "/templates/{id}/preview",
  tags,
  summary: "See what a template would change on one router",
  description:
    "Against the configuration that was kept last (needs `configs:read`, too). Nothing is asked of " +
    "the router; secrets are hidden.",
  request: { params, ...jsonBody(PreviewRequest) },
  responses: { 200: json(TemplatePreview, "The values, the script and the changes"), ...Found },
});

/** `/api/templates`. */
export function templatesApi(deps: TemplateDeps) {
  return apiModule()
    .openapi(
      list,
      async (c) => c.json({ items: await listTemplates(c.var.scope, c.req.valid("query")) }, 200),
    )
    .openapi(create, async (c) => {
      return c.json(await addTemplate(c.var.scope, deps, c.req.valid("json")), 201);
    })
    .openapi(library, (c) => c.json({ items: [...LIBRARY] }, 200))
    .openapi(take, async (c) => {
      return c.json(await addFromLibrary(c.var.scope, deps, c.req.valid("json").slug), 201);
    })
    .openapi(importing, async (c) => {
      return c.json({ items: await importTemplates(c.var.scope, deps, c.req.valid("json")) }, 201);
    })
    .openapi(
      check,
      (c) => c.json({ problems: checkText(c.var.scope, c.req.valid("json")) }, 200),
    )
    .openapi(setting, async (c) => {
      await setValue(c.var.scope, deps, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(read, async (c) => {
      return c.json(await getTemplate(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(update, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await updateTemplate(c.var.scope, deps, id, c.req.valid("json")), 200);
    })
    .openapi(remove, async (c) => {
      await removeTemplate(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    })
    .openapi(copy, async (c) => {
      return c.json(await copyTemplate(c.var.scope, deps, c.req.valid("param").id), 201);
    })
    .openapi(file, async (c) => {
      const template = await exportTemplate(c.var.scope, c.req.valid("param").id);
      const name = `template-${template.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.json`;
      const text = `${JSON.stringify(template, null, 2)}\n`;
      return download([text], { name, type: "application/json" }) as never;
    })
    .openapi(versions, async (c) => {
      const { id } = c.req.valid("param");
      return c.json({ items: await listTemplateVersions(c.var.scope, id) }, 200);
    })
    .openapi(compare, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await compareTemplate(c.var.scope, id, c.req.valid("query")), 200);
    })
    .openapi(values, async (c) => {
      return c.json(await listValues(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(preview, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await previewTemplate(c.var.scope, deps, id, c.req.valid("json")), 200);
    });
}
