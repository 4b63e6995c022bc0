import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  ItemState,
  Job,
  JOB_KINDS,
  JobAct,
  JobCheck,
  JobItem,
  JobState,
  JobSummary,
  NewCommandJob,
  NewPushJob,
  OutputGroup,
} from "@/core/contract/bulk_jobs.ts";
import { actOnCommands, actOnPushes } from "@/core/bulk_jobs/act_on_job.ts";
import {
  addCommandJob,
  addPushJob,
  checkCommandJob,
  checkPushJob,
  type JobDeps,
} from "@/core/bulk_jobs/make_job.ts";
import { getJob, listJobItems, listJobs } from "@/core/bulk_jobs/read_jobs.ts";
import { exportJob, listOutputGroups, readOutput } from "@/core/bulk_jobs/read_outputs.ts";
import type { Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
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
import { download, fileName } from "../http/download.ts";
import type { ApiEnv } from "../http/env.ts";
import type { SseHub } from "../http/sse_hub.ts";

const tags = ["jobs"];
const params = z.object({ id: z.uuid() });
const Found = { ...COMMON_PROBLEMS, ...NOT_FOUND };
const Made = {
  201: json(z.object({ id: z.uuid() }), "The job"),
  ...Found,
  ...CONFLICT,
};
const Checked = { 200: json(JobCheck, "What it would be"), ...Found, ...CONFLICT };
const Acted = { ...NO_CONTENT, ...Found, ...CONFLICT };
const WAVES =
  "Waves are cumulative, the canary first; it halts by itself when too many fail. Routers " +
  "that are offline are done when they come back, until it expires.";

const list = apiRoute("configs:read", {
  method: "get",
  path: "/jobs",
  tags,
  summary: "List jobs on many routers",
  request: {
    query: z.object({
      state: JobState.optional(),
      kind: z.enum(JOB_KINDS).optional(),
      q: z.string().max(200).optional(),
      cursor: z.string().max(1_000).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
  },
  responses: {
    200: json(
      z.object({ items: z.array(JobSummary), nextCursor: z.string().nullable() }),
      "Newest first",
    ),
    ...COMMON_PROBLEMS,
  },
});
const command = apiRoute("commands:run", {
  method: "post",
  path: "/jobs/commands",
  tags,
  summary: "Run a command on many routers",
  description:
    `Nothing takes back what it does, and no revert waits on the router. ${WAVES} A router that may ` +
    "have run it without telling is `unknown`, and is never tried again by itself.",
  request: jsonBody(NewCommandJob),
  responses: Made,
});
const commandCheck = apiRoute("commands:run", {
  method: "post",
  path: "/jobs/commands/check",
  tags,
  summary: "See how many routers a command would run on, in which waves",
  request: jsonBody(NewCommandJob),
  responses: Checked,
});
const commandAct = apiRoute("commands:run", {
  method: "post",
  path: "/jobs/commands/{id}/acts",
  tags,
  summary: "Pause, resume, abort or retry a job of commands",
  description: "`resume` also approves the canary, and goes on after failures that it halted for.",
  request: { params, ...jsonBody(JobAct) },
  responses: Acted,
});
const push = apiRoute("configs:push", {
  method: "post",
  path: "/jobs/pushes",
  tags,
  summary: "Push a template or a change set to many routers",
  description: `Each router by a push that undoes itself, kept once it is proven. ${WAVES}`,
  request: jsonBody(NewPushJob),
  responses: Made,
});
const pushCheck = apiRoute("configs:push", {
  method: "post",
  path: "/jobs/pushes/check",
  tags,
  summary: "See which routers lack a value, and in which waves it would go",
  request: jsonBody(NewPushJob),
  responses: Checked,
});
const pushAct = apiRoute("configs:push", {
  method: "post",
  path: "/jobs/pushes/{id}/acts",
  tags,
  summary: "Pause, resume, abort or retry a job of pushes",
  request: { params, ...jsonBody(JobAct) },
  responses: Acted,
});
const read = apiRoute("configs:read", {
  method: "get",
  path: "/jobs/{id}",
  tags,
  summary: "Read a job with its waves",
  request: { params },
  responses: { 200: json(Job, "The job"), ...Found },
});
const items = apiRoute("configs:read", {
  method: "get",
  path: "/jobs/{id}/routers",
  tags,
  summary: "List what came of each router",
  request: {
    params,
    query: z.object({
      state: ItemState.optional(),
      wave: z.coerce.number().int().min(1).max(10).optional(),
      after: z.coerce.number().int().min(0).max(1_000_000).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: {
    200: json(
      z.object({ items: z.array(JobItem), nextAfter: z.int().nullable() }),
      "In the order of the waves",
    ),
    ...Found,
  },
});
const groups = apiRoute("configs:read", {
  method: "get",
  path: "/jobs/{id}/outputs",
  tags,
  summary: "Group routers by what they printed",
  description:
    "Times, durations and the router's own name and address do not tell answers apart. Secrets are " +
    "hidden before anything is kept.",
  request: { params },
  responses: {
    200: json(
      z.object({ items: z.array(OutputGroup), isCut: z.boolean() }),
      "The most common answer first",
    ),
    ...Found,
  },
});
const output = apiRoute("configs:read", {
  method: "get",
  path: "/jobs/{id}/outputs/{output}",
  tags,
  summary: "Read all that a router printed",
  request: { params: params.extend({ output: z.uuid() }) },
  responses: {
    200: json(z.object({ output: z.string(), isCut: z.boolean() }), "The text"),
    ...Found,
  },
});
const csv = apiRoute("configs:read", {
  method: "get",
  path: "/jobs/{id}/export",
  tags,
  summary: "Export every router of a job as CSV",
  request: { params },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string() } } },
    ...Found,
  },
});
const follow = apiRoute("configs:read", {
  method: "get",
  path: "/jobs/{id}/stream",
  tags,
  summary: "Follow a job live",
  description: "Server-sent `job` events: state, wave and counts. `reset` means: read it anew.",
  request: { params, query: z.object({ lastEventId: z.string().max(100).optional() }) },
  responses: {
    200: { description: "The stream", content: { "text/event-stream": { schema: z.string() } } },
    ...Found,
  },
});

/** `/api/jobs`. */
export function jobsApi(
  deps: JobDeps & { hub: SseHub; scopeOf(c: Context<ApiEnv>): Promise<Scope> },
) {
  return apiModule()
    .openapi(
      list,
      async (c) => c.json(await listJobs(c.var.scope, c.req.valid("query")), 200),
    )
    .openapi(command, async (c) => {
      const id = await addCommandJob(c.var.scope, deps, c.req.valid("json"));
      return c.json({ id }, 201, { location: `/api/jobs/${id}` });
    })
    .openapi(commandCheck, async (c) => {
      return c.json(await checkCommandJob(c.var.scope, c.req.valid("json")), 200);
    })
    .openapi(commandAct, async (c) => {
      await actOnCommands(c.var.scope, deps, c.req.valid("param").id, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(push, async (c) => {
      const id = await addPushJob(c.var.scope, deps, c.req.valid("json"));
      return c.json({ id }, 201, { location: `/api/jobs/${id}` });
    })
    .openapi(pushCheck, async (c) => {
      return c.json(await checkPushJob(c.var.scope, deps, c.req.valid("json")), 200);
    })
    .openapi(pushAct, async (c) => {
      await actOnPushes(c.var.scope, deps, c.req.valid("param").id, c.req.valid("json"));
      return c.body(null, 204);
    })
    .openapi(read, async (c) => {
      return c.json(await getJob(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(items, async (c) => {
      const { id } = c.req.valid("param");
      return c.json(await listJobItems(c.var.scope, id, c.req.valid("query")), 200);
    })
    .openapi(groups, async (c) => {
      return c.json(await listOutputGroups(c.var.scope, deps, c.req.valid("param").id), 200);
    })
    .openapi(output, async (c) => {
      const { id, output } = c.req.valid("param");
      return c.json(await readOutput(c.var.scope, deps, id, output), 200);
    })
    .openapi(csv, async (c) => {
      const lines = await exportJob(c.var.scope, deps, c.req.valid("param").id);
      const file = { name: fileName("job", deps.clock, "csv"), type: "text/csv" };
      return download(lines, file) as never;
    })
    .openapi(follow, async (c) => {
      const { id } = c.req.valid("param");
      await getJob(c.var.scope, deps, id); // 404 for a foreign one
      const { tenantId } = c.var.scope;
      return deps.hub.openOn(subjects.bulkJob(tenantId, id), "job", {
        lastEventId: c.req.header("last-event-id") ?? c.req.valid("query").lastEventId,
        mayGoOn: async () => {
          const now = await deps.scopeOf(c);
          return now.tenantId === tenantId && now.permissions.has("configs:read");
        },
      }) as never;
    });
}
