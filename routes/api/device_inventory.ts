import { z } from "@hono/zod-openapi";
import { ImportReport, ImportRequest } from "@/core/contract/device_import.ts";
import { importDevices } from "@/core/device_import/import_devices.ts";
import type { DeviceDeps } from "@/core/devices/devices.ts";
import { exportDevices } from "@/core/devices/export_devices.ts";
import { DEVICE_SORTS } from "@/core/devices/list_devices.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json } from "../http/api_route.ts";
import { download, fileName } from "../http/download.ts";

const take = apiRoute("devices:write", {
  method: "post",
  path: "/import",
  tags: ["devices"],
  summary: "Import many devices",
  description:
    "Of a CSV, a pasted table or an Oxidized `router.db`. Bad rows are listed with their reason and " +
    "hinder no other; what is managed already stays as it is, so the same file again adds nothing. " +
    "`dryRun` only says what would happen.",
  request: {
    body: { required: true, content: { "application/json": { schema: ImportRequest } } },
  },
  responses: { 200: json(ImportReport, "What came of each row"), ...COMMON_PROBLEMS },
});

const give = apiRoute("devices:read", {
  method: "get",
  path: "/export",
  tags: ["devices"],
  summary: "Export the devices",
  description: "As CSV, without logins. It can be imported again. It is an entry of the audit log.",
  request: {
    query: z.object({
      q: z.string().max(500).optional(),
      sort: z.enum(DEVICE_SORTS).optional(),
      order: z.enum(["asc", "desc"]).optional(),
    }),
  },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
  },
});

/** `/api/devices`: many at once. To be mounted before the routes of one device. */
export function deviceInventoryApi(deps: DeviceDeps) {
  return apiModule()
    .openapi(
      take,
      async (c) => c.json(await importDevices(c.var.scope, deps, c.req.valid("json")), 200),
    )
    .openapi(give, async (c) => {
      const pieces = await exportDevices(c.var.scope, deps, c.req.valid("query"));
      const name = fileName("devices", deps.clock, "csv");
      return download(pieces, { name, type: "text/csv" }) as never;
    });
}
