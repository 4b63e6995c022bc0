import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { RunInfo } from "@/core/contract/device_runs.ts";
import { RUN_KINDS, type RunKindName } from "@/core/contract/runs/mod.ts";
import { cancelRun } from "@/core/device_runs/cancel_run.ts";
import { followRun, lookAtRun } from "@/core/device_runs/follow_run.ts";
import { type StartDeps, startRun } from "@/core/device_runs/start_run.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Scope } from "@/core/scope.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  LIMITED,
  NOT_FOUND,
} from "../http/api_route.ts";
import type { ApiEnv } from "../http/env.ts";
import type { RunStreams } from "../http/run_stream.ts";

const tags = ["tools"];
const RunId = z.object({ run: z.uuid() });

const TOOLS = (Object.keys(RUN_KINDS) as RunKindName[]).filter((name) =>
  RUN_KINDS[name].permission === "tools:run" && RUN_KINDS[name].target === "device"
);

const start = apiRoute("tools:run", {
  method: "post",
  path: "/devices/{id}/runs",
  tags,
  summary: "Start a tool on a router",
  description:
    "It begins when somebody follows it, and ends by itself, when stopped, when its time is up, or " +
    "15 seconds after the last follower has left.",
  request: {
    params: z.object({ id: z.uuid() }),
    ...jsonBody(z.strictObject({
      kind: z.enum(TOOLS as [RunKindName, ...RunKindName[]]),
      params: z.record(z.string(), z.unknown()).default({}),
    })),
  },
  responses: {
    201: json(RunInfo, "The run"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
    ...LIMITED,
  },
});

const look = apiRoute("devices:read", {
  method: "get",
  path: "/runs/{run}",
  tags,
  summary: "Look at a live run",
  description: "Needs what its kind needs, too: tools:run for tools, logs:read for a log.",
  request: { params: RunId },
  responses: { 200: json(RunInfo, "The run"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const stream = apiRoute("devices:read", {
  method: "get",
  path: "/runs/{run}/stream",
  tags,
  summary: "Follow a live run",
  description:
    "Server-sent events: `info`, then a `message` for each message; the last one has type `end`. " +
    "Last-Event-ID resumes. Needs what the run's kind needs, too.",
  request: { params: RunId },
  responses: {
    200: { description: "The stream", content: { "text/event-stream": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...LIMITED,
  },
});

const cancel = apiRoute("devices:read", {
  method: "delete",
  path: "/runs/{run}",
  tags,
  summary: "Stop a live run",
  description: "Answers when the router has ended it. Needs what the run's kind needs, too.",
  request: { params: RunId },
  responses: { 200: json(RunInfo, "The run, ended"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/runs`, and the start of tools on a device. */
export function runsApi(
  { runStreams: streams, ...deps }: StartDeps & {
    bus: Bus;
    runStreams: RunStreams;
    scopeOf(c: Context<ApiEnv>): Promise<Scope>;
  },
) {
  return apiModule()
    .openapi(start, async (c) => {
      const { kind, params } = c.req.valid("json");
      const on = { deviceId: c.req.valid("param").id };
      const run = await startRun(c.var.scope, deps, { kind, params, on });
      return c.json(run, 201, { location: `/api/runs/${run.id}` });
    })
    .openapi(
      look,
      async (c) => c.json(await lookAtRun(c.var.scope, deps, c.req.valid("param").run), 200),
    )
    .openapi(
      cancel,
      async (c) => c.json(await cancelRun(c.var.scope, deps, c.req.valid("param").run), 200),
    )
    .openapi(stream, async (c) => {
      streams.demandRoom();
      const { scope } = c.var;
      const leaving = new AbortController();
      const followed = await followRun(scope, deps, c.req.valid("param").run, {
        signal: leaving.signal,
        afterSeq: Number(/^\d{1,9}$/.exec(c.req.header("last-event-id") ?? "")?.[0] ?? 0),
      });
      const { permission } = RUN_KINDS[followed.info.kind];
      return streams.answer({
        ...followed,
        leave: () => leaving.abort(),
        mayGoOn: async () => {
          const now = await deps.scopeOf(c);
          return now.tenantId === scope.tenantId && now.permissions.has(permission);
        },
      }) as never;
    });
}
