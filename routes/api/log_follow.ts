import { z } from "@hono/zod-openapi";
import { RunInfo } from "@/core/contract/device_runs.ts";
import { LogParams } from "@/core/contract/runs/log.ts";
import { type StartDeps, startRun } from "@/core/device_runs/start_run.ts";
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

const start = apiRoute("logs:read", {
  method: "post",
  path: "/{id}/log/follow",
  tags: ["logs"],
  summary: "Follow a router's own log",
  description:
    "Starts a live run: follow it at `/api/runs/{run}/stream`. It begins when somebody follows it, and " +
    "ends when stopped, after an hour, or 15 seconds after the last follower has left.",
  request: { params: z.object({ id: z.uuid() }), ...jsonBody(LogParams) },
  responses: {
    201: json(RunInfo, "The run"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
    ...LIMITED,
  },
});

/** `/api/devices/{id}/log`. */
export function logFollowApi(deps: StartDeps) {
  return apiModule().openapi(start, async (c) => {
    const on = { deviceId: c.req.valid("param").id };
    const run = await startRun(c.var.scope, deps, { kind: "log", params: c.req.valid("json"), on });
    return c.json(run, 201, { location: `/api/runs/${run.id}` });
  });
}
