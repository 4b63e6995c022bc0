import { z } from "@hono/zod-openapi";
import { changeDevices } from "@/core/bulk_edit/change_devices.ts";
import { getBulkChange, listBulkChanges } from "@/core/bulk_edit/results.ts";
import { BulkRequest, BulkResult, BulkRow, BulkSummary } from "@/core/contract/bulk.ts";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";

const tags = ["devices"];

const change = apiRoute("devices:write", {
  method: "post",
  path: "/bulk",
  tags,
  summary: "Change many devices at once",
  description:
    "Those of `ids`, or all that fit `q`, up to 10,000. Whole or not at all, except for those that it " +
    "is refused for; the result of each stays for 90 days. With `q` say how many you `expected`: 409 " +
    "when others fit by now. A group needs `groups:write` too.",
  request: jsonBody(BulkRequest),
  responses: {
    200: json(BulkSummary, "What came of it"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});

const list = apiRoute("devices:read", {
  method: "get",
  path: "/bulk",
  tags,
  summary: "List changes of many devices",
  request: { query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }) },
  responses: {
    200: json(z.object({ items: z.array(BulkSummary) }), "The last ones, newest first"),
    ...COMMON_PROBLEMS,
  },
});

const read = apiRoute("devices:read", {
  method: "get",
  path: "/bulk/{id}",
  tags,
  summary: "Read what came of a change of many devices",
  request: {
    params: z.object({ id: z.uuid() }),
    query: z.object({
      result: BulkResult.optional(),
      after: z.coerce.number().int().min(0).max(1_000_000).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: {
    200: json(
      BulkSummary.extend({ rows: z.array(BulkRow), nextAfter: z.int().nullable() }),
      "The change and a page of its results",
    ),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

/** `/api/devices/bulk`. To be mounted before the routes of one device. */
export function deviceBulkApi(deps: DeviceDeps) {
  return apiModule()
    .openapi(change, async (c) => {
      return c.json(await changeDevices(c.var.scope, deps, c.req.valid("json")), 200);
    })
    .openapi(list, async (c) => {
      return c.json({ items: await listBulkChanges(c.var.scope, c.req.valid("query").limit) }, 200);
    })
    .openapi(read, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await getBulkChange(c.var.scope, id, c.req.valid("query")), 200);
    });
}
