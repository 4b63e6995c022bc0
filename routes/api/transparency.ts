import { z } from "@hono/zod-openapi";
import { exportReads } from "@/core/audit/export_reads.ts";
import { SecretReadPage, SecretReadSummary } from "@/core/contract/transparency.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { listReads } from "@/core/transparency/list_reads.ts";
import { summarizeReads } from "@/core/transparency/summarize_reads.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json } from "../http/api_route.ts";
import { download, fileName } from "../http/download.ts";

const text = z.string().min(1).max(200);
const time = z.iso.datetime({ offset: true });
const Filter = z.object({
  from: time.optional(),
  to: time.optional(),
  actor: text.optional(),
  purpose: text.optional(),
  secret: text.optional(),
  device: z.uuid().optional(),
});

const list = apiRoute("transparency:read", {
  method: "get",
  path: "/",
  tags: ["transparency"],
  summary: "List reads of secrets",
  description:
    "Every decryption, counted by the hour (polling: by the day) and actor, purpose, secret and device.",
  request: {
    query: Filter.extend({
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(SecretReadPage.openapi("SecretReadPage"), "A page"), ...COMMON_PROBLEMS },
});

const summary = apiRoute("transparency:read", {
  method: "get",
  path: "/summary",
  tags: ["transparency"],
  summary: "Sum reads of secrets",
  description: "By purpose, actor, device and day, over 400 days at most.",
  request: { query: Filter.extend({ from: time, to: time }) },
  responses: {
    200: json(SecretReadSummary.openapi("SecretReadSummary"), "The sums"),
    ...COMMON_PROBLEMS,
  },
});

const exported = apiRoute("transparency:read", {
  method: "get",
  path: "/export",
  tags: ["transparency"],
  summary: "Export reads of secrets",
  description: "As CSV, newest first. The export is an entry of the audit log.",
  request: { query: Filter },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
  },
});

/** `/api/transparency`. */
export function transparencyApi(deps: { kms: Kms; clock: Clock }) {
  return apiModule()
    .openapi(list, async (c) => {
      const { device, ...query } = c.req.valid("query");
      return c.json(await listReads(c.var.scope, { ...query, deviceId: device }), 200);
    })
    .openapi(summary, async (c) => {
      const { device, ...query } = c.req.valid("query");
      return c.json(await summarizeReads(c.var.scope, { ...query, deviceId: device }), 200);
    })
    .openapi(exported, async (c) => {
      const { device, ...filter } = c.req.valid("query");
      const pieces = await exportReads(c.var.scope, deps, { ...filter, deviceId: device });
      const name = fileName("secret-reads", deps.clock, "csv");
      return download(pieces, { name, type: "text/csv" }) as never;
    });
}
