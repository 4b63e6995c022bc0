import { z } from "@hono/zod-openapi";
import {
  type ApiKeyDeps,
  createApiKey,
  listApiKeys,
  revokeApiKey,
} from "@/core/api_keys/api_keys.ts";
import { ApiKey, NewApiKey } from "@/core/contract/api_keys.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["api-keys"];

const list = apiRoute("apikeys:read", {
  method: "get",
  path: "/",
  tags,
  summary: "List API keys",
  responses: {
    200: json(z.object({ items: z.array(ApiKey) }), "The newest first"),
    ...COMMON_PROBLEMS,
  },
});
const create = apiRoute("apikeys:write", {
  method: "post",
  path: "/",
  tags,
  summary: "Make an API key",
  description:
    "The secret is in this answer and nowhere else. It can do what its maker can, at most.",
  request: jsonBody(NewApiKey),
  responses: {
    201: json(z.object({ key: ApiKey, secret: z.string() }), "The key and its secret"),
    ...COMMON_PROBLEMS,
  },
});
const revoke = apiRoute("apikeys:write", {
  method: "delete",
  path: "/{id}",
  tags,
  summary: "Revoke an API key",
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 204: { description: "It is worth nothing now" }, ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/api-keys`. */
export function apiKeysApi(deps: ApiKeyDeps) {
  return apiModule()
    .openapi(list, async (c) => c.json({ items: await listApiKeys(c.var.scope) }, 200))
    .openapi(create, async (c) => {
      const made = await createApiKey(c.var.scope, deps, c.req.valid("json"));
      c.header("cache-control", "no-store");
      return c.json(made, 201);
    })
    .openapi(revoke, async (c) => {
      await revokeApiKey(c.var.scope, deps, c.req.valid("param").id);
      return c.body(null, 204);
    });
}
