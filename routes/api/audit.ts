import { z } from "@hono/zod-openapi";
import { exportAudit } from "@/core/audit/export_audit.ts";
import { getAuditEntry } from "@/core/audit/get_audit_entry.ts";
import { listAudit } from "@/core/audit/list_audit.ts";
import { AUDIT_OUTCOMES, AuditEntryView, AuditPage } from "@/core/contract/audit.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json, NOT_FOUND } from "../http/api_route.ts";
import { download, fileName } from "../http/download.ts";

const text = z.string().min(1).max(300);
const Filter = z.object({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  actor: text.optional(),
  action: z.string().regex(/^[a-z][a-z0-9_.]{0,99}$/).optional(),
  targetKind: text.optional(),
  targetId: text.optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  q: z.string().max(200).optional(),
});

const list = apiRoute("audit:read", {
  method: "get",
  path: "/",
  tags: ["audit"],
  summary: "List audit entries",
  description:
    "Newest first, without details. `action` finds what begins so; `q` looks into action, target and " +
    "actor, 100,000 entries at a time, so a page may be empty and go on. `chain` says where the chain ends and what its last check found.",
  request: {
    query: Filter.extend({
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: { 200: json(AuditPage.openapi("AuditPage"), "A page"), ...COMMON_PROBLEMS },
});

const exported = apiRoute("audit:export", {
  method: "get",
  path: "/export",
  tags: ["audit"],
  summary: "Export the audit log",
  description:
    "All that `tod audit verify` needs to check it offline. The export is an entry of the log itself.",
  request: { query: Filter.extend({ format: z.enum(["csv", "jsonl"]).default("csv") }) },
  responses: {
    200: {
      description: "The file",
      content: { "text/csv": { schema: z.string() }, "application/jsonl": { schema: z.string() } },
    },
    ...COMMON_PROBLEMS,
  },
});

const read = apiRoute("audit:read", {
  method: "get",
  path: "/{seq}",
  tags: ["audit"],
  summary: "Read an audit entry",
  description: "With its details. That they were read is counted in the transparency log.",
  request: { params: z.object({ seq: z.string().openapi({ example: "42" }) }) },
  responses: {
    200: json(AuditEntryView.openapi("AuditEntry"), "The entry"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

/** `/api/audit`. */
export function auditApi(deps: { kms: Kms; clock: Clock }) {
  return apiModule()
    .openapi(list, async (c) => c.json(await listAudit(c.var.scope, c.req.valid("query")), 200))
    .openapi(exported, async (c) => {
      const { format, ...filter } = c.req.valid("query");
      const pieces = await exportAudit(c.var.scope, deps, format, filter);
      const type = format === "csv" ? "text/csv" : "application/jsonl";
      return download(pieces, { name: fileName("audit", deps.clock, format), type }) as never;
    })
    .openapi(read, async (c) => {
      const { seq } = c.req.valid("param");
      return c.json(await getAuditEntry(c.var.scope, deps, seq), 200);
    });
}
