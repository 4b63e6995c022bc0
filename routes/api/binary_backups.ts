import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { checkRestore } from "@/core/binary_backups/check_restore.ts";
import { takeBinariesEverywhere, takeBinaryNow } from "@/core/binary_backups/order_binaries.ts";
import { overviewOfBinaries } from "@/core/binary_backups/overview.ts";
import {
  downloadBinary,
  readBinaries,
  revealPassword,
} from "@/core/binary_backups/read_binaries.ts";
import { startRestore } from "@/core/binary_backups/start_restore.ts";
import type { BinaryDeps } from "@/core/binary_backups/take_binary.ts";
import {
  BackupPassword,
  BinaryOrder,
  BinaryOutcome,
  BinaryOverview,
  BinaryRestore,
  BinaryState,
  RestoreCheck,
  RestoreOrder,
} from "@/core/contract/binary_backups.ts";
import { RevealReason } from "@/core/contract/configs.ts";
import type { Scope } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  jsonBody,
  NOT_FOUND,
} from "../http/api_route.ts";
import type { ApiEnv } from "../http/env.ts";
import type { SseHub } from "../http/sse_hub.ts";

const tags = ["configs"];
const DeviceId = z.object({ id: z.uuid() });
const BackupId = DeviceId.extend({ backup: z.uuid() });

const overview = apiRoute("configs:read", {
  method: "get",
  path: "/configs/binary-backups",
  tags,
  summary: "How full backups of the fleet go",
  responses: { 200: json(BinaryOverview, "Figures, and where they fail"), ...COMMON_PROBLEMS },
});
const everything = apiRoute("configs:write", {
  method: "post",
  path: "/configs/binary-backups",
  tags,
  summary: "Take a full backup of every router now",
  description:
    "Each is taken as soon as its turn comes, where something changed since its last one.",
  responses: {
    202: json(z.object({ devices: z.number() }), "How many will be taken"),
    ...COMMON_PROBLEMS,
  },
});
const list = apiRoute("configs:read", {
  method: "get",
  path: "/devices/{id}/binary-backups",
  tags,
  summary: "List a router's full backups and restores",
  request: { params: DeviceId },
  responses: { 200: json(BinaryState, "Newest first"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const take = apiRoute("configs:write", {
  method: "post",
  path: "/devices/{id}/binary-backups",
  tags,
  summary: "Take a full backup of a router now",
  description: "Waits until it is done. Without `force` one is taken only if something changed.",
  request: { params: DeviceId, ...jsonBody(BinaryOrder) },
  responses: {
    200: json(BinaryOutcome, "How it went"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});
const stream = apiRoute("configs:read", {
  method: "get",
  path: "/devices/{id}/binary-backups/stream",
  tags,
  summary: "Follow the restores of a router live",
  description: "A server-sent `restore` event whenever one went on: read the list again.",
  request: { params: DeviceId },
  responses: {
    200: { description: "The stream", content: { "text/event-stream": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const file = apiRoute("configs:write", {
  method: "get",
  path: "/devices/{id}/binary-backups/{backup}/file",
  tags,
  summary: "Download a full backup, encrypted with its password",
  description: "Who did it and when stands in the audit log.",
  request: { params: BackupId },
  responses: {
    200: {
      description: "The file",
      content: { "application/octet-stream": { schema: z.string() } },
    },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});
const password = apiRoute("configs:reveal", {
  method: "post",
  path: "/devices/{id}/binary-backups/{backup}/password",
  tags,
  summary: "Read the password of a full backup",
  description: "Who did it, when and why stands in the audit log.",
  request: { params: BackupId, ...jsonBody(RevealReason) },
  responses: { 200: json(BackupPassword, "The password"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const check = apiRoute("configs:push", {
  method: "get",
  path: "/devices/{id}/binary-backups/{backup}/restore",
  tags,
  summary: "What stands against restoring this full backup",
  description: "Asks the router for its board, version and serial number.",
  request: { params: BackupId },
  responses: { 200: json(RestoreCheck, "What was found"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});
const restore = apiRoute("configs:push", {
  method: "post",
  path: "/devices/{id}/binary-backups/{backup}/restore",
  tags,
  summary: "Bring a router back to this full backup",
  description:
    "Needs the router's name, typed. What it holds now is kept first; it loads the file and restarts, and its " +
    "configuration is compared with that of the backup once it is back.",
  request: { params: BackupId, ...jsonBody(RestoreOrder) },
  responses: {
    202: json(BinaryRestore, "It is under way"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});

/** `/api/devices/{id}/binary-backups`. */
export function binaryBackupsApi(
  { hub, scopeOf, ...deps }: BinaryDeps & {
    hub: SseHub;
    scopeOf(c: Context<ApiEnv>): Promise<Scope>;
  },
) {
  return apiModule()
    .openapi(overview, async (c) => c.json(await overviewOfBinaries(c.var.scope, deps), 200))
    .openapi(
      everything,
      async (c) => c.json({ devices: await takeBinariesEverywhere(c.var.scope, deps) }, 202),
    )
    .openapi(list, async (c) => {
      return c.json(await readBinaries(c.var.scope, c.req.valid("param").id), 200);
    })
    .openapi(take, async (c) => {
      const order = c.req.valid("json");
      return c.json(await takeBinaryNow(c.var.scope, deps, c.req.valid("param").id, order), 200);
    })
    .openapi(stream, async (c) => {
      const { id } = c.req.valid("param");
      const { tenantId } = c.var.scope;
      await readBinaries(c.var.scope, id); // a foreign id ends here, as 404
      return hub.openOn(subjects.binaryRestore(tenantId, id), "restore", {
        lastEventId: c.req.header("last-event-id"),
        mayGoOn: async () => {
          const now = await scopeOf(c);
          return now.tenantId === tenantId && now.permissions.has("configs:read");
        },
      }) as never;
    })
    .openapi(file, async (c) => {
      const { id, backup: backupId } = c.req.valid("param");
      const { backup, data } = await downloadBinary(c.var.scope, deps, id, backupId);
      const name = `router-${id.slice(0, 8)}-${
        backup.takenAt.slice(0, 19).replaceAll(":", "")
      }.backup`;
      return new Response(data as BodyInit, {
        headers: {
          "content-type": "application/octet-stream",
          "content-disposition": `attachment; filename="${name}"`,
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
        },
      }) as never;
    })
    .openapi(password, async (c) => {
      const { id, backup } = c.req.valid("param");
      const { reason } = c.req.valid("json");
      c.header("cache-control", "no-store");
      return c.json(await revealPassword(c.var.scope, deps, id, backup, reason), 200);
    })
    .openapi(check, async (c) => {
      const { id, backup } = c.req.valid("param");
      return c.json(await checkRestore(c.var.scope, deps, id, backup), 200);
    })
    .openapi(restore, async (c) => {
      const { id, backup } = c.req.valid("param");
      const order = c.req.valid("json");
      return c.json(await startRestore(c.var.scope, deps, id, backup, order), 202);
    });
}
