import { z } from "@hono/zod-openapi";
import { Device, DevicePatch, DeviceState, NewDevice } from "@/core/contract/device.ts";
import { HostFindings, HostQuestion, ProbeAnswer } from "@/core/contract/discovery.ts";
import { noteProfileTry } from "@/core/credentials/try_profile.ts";
import { addDevice, type DeviceDeps, getDevice, updateDevice } from "@/core/devices/devices.ts";
import { examineAddress, probeRouter } from "@/core/discovery/ask_poller.ts";
import { getDeviceState } from "@/core/devices/device_state.ts";
import { removeDevice, restoreDevice, retireDevice } from "@/core/devices/retirement.ts";
import { DEVICE_SORTS, listDevices } from "@/core/devices/list_devices.ts";
import { findAnswer, keepAnswer } from "@/core/idempotency/idempotency.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  CONFLICT,
  json,
  NOT_FOUND,
  STALE,
} from "../http/api_route.ts";
import { etagOf, revisionOf } from "../http/etag.ts";

const DeviceId = z.object({ id: z.string().openapi({ example: "0b54…", format: "uuid" }) });
const DevicePage = z.object({
  items: z.array(Device),
  nextCursor: z.string().nullable(),
  total: z.number(),
  problems: z.array(z.string()),
}).openapi("DevicePage");

const list = apiRoute("devices:read", {
  method: "get",
  path: "/",
  tags: ["devices"],
  summary: "List devices",
  description:
    'One page of the fleet. `q` takes words and filters: `status:offline site:"North" version:<7.16`.',
  request: {
    query: z.object({
      q: z.string().max(500).optional(),
      sort: z.enum(DEVICE_SORTS).optional(),
      order: z.enum(["asc", "desc"]).optional(),
      cursor: z.string().max(2_000).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
  },
  responses: { 200: json(DevicePage, "A page of devices"), ...COMMON_PROBLEMS },
});

const create = apiRoute("devices:write", {
  method: "post",
  path: "/",
  tags: ["devices"],
  summary: "Add a device",
  description:
    "The poller contacts it within a second and pins the certificate it sees. With an Idempotency-Key " +
    "a repeat within a day answers what the first did.",
  request: {
    headers: z.object({ "idempotency-key": z.string().min(1).max(200).optional() }),
    body: { required: true, content: { "application/json": { schema: NewDevice } } },
  },
  responses: { 201: json(Device, "The new device"), ...COMMON_PROBLEMS, ...CONFLICT },
});

const read = apiRoute("devices:read", {
  method: "get",
  path: "/{id}",
  tags: ["devices"],
  summary: "Read a device",
  request: { params: DeviceId },
  responses: {
    200: json(Device, "The device; its ETag is for If-Match"),
    304: { description: "Not changed since the ETag in If-None-Match" },
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

const update = apiRoute("devices:write", {
  method: "patch",
  path: "/{id}",
  tags: ["devices"],
  summary: "Change a device",
  description:
    "Reaches the poller within a second. With If-Match it changes only what you have read.",
  request: {
    params: DeviceId,
    headers: z.object({ "if-match": z.string().max(100).optional() }),
    body: { required: true, content: { "application/json": { schema: DevicePatch } } },
  },
  responses: {
    200: json(Device, "The device as it is now"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
    ...STALE,
  },
});

const remove = apiRoute("devices:write", {
  method: "delete",
  path: "/{id}",
  tags: ["devices"],
  summary: "Delete a retired device for good",
  description:
    "The second of two steps: 409 while it is in service. Its login, state, metrics and history of " +
    "status go; events and the audit log stay. `name` repeats its name or its address.",
  request: { params: DeviceId, query: z.object({ name: z.string().max(10_000) }) },
  responses: { 204: { description: "Deleted" }, ...COMMON_PROBLEMS, ...NOT_FOUND, ...CONFLICT },
});

const retire = apiRoute("devices:write", {
  method: "post",
  path: "/{id}/retire",
  tags: ["devices"],
  summary: "Retire a device",
  description:
    "It is not polled, not counted and only listed with `status:retired`; what was measured stays, " +
    "and its address is free for another.",
  request: { params: DeviceId },
  responses: { 200: json(Device, "The retired device"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const restore = apiRoute("devices:write", {
  method: "post",
  path: "/{id}/restore",
  tags: ["devices"],
  summary: "Restore a retired device",
  description: "It is polled again within a second. 409 when its address is managed by now.",
  request: { params: DeviceId },
  responses: {
    200: json(Device, "The device in service"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
    ...CONFLICT,
  },
});

const state = apiRoute("devices:read", {
  method: "get",
  path: "/{id}/state",
  tags: ["devices"],
  summary: "Read a device's last known state",
  description: "Interfaces, wireless, neighbours, sensors … each with the time it was read.",
  request: { params: DeviceId },
  responses: { 200: json(DeviceState, "The sections"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const ProbeRequest = z.strictObject({
  address: z.string().min(1).max(253),
  port: z.number().int().min(1).max(65_535),
  tlsMode: z.enum(["pinned", "ca", "insecure", "plain", "legacy"]),
  tlsCa: z.string().max(16_384).nullable().default(null),
  region: z.string().max(40).default("default"),
  username: z.string().min(1).max(200).optional(),
  password: z.string().max(1_000).optional(),
  /** Instead of user name and password. */
  profileId: z.uuid().optional(),
}).refine(
  ({ username, password, profileId }) =>
    profileId === undefined
      ? username !== undefined && password !== undefined
      : username === undefined && password === undefined,
  { path: ["username"], message: "and password are needed, or a credential profile" },
);
const probe = apiRoute("devices:write", {
  method: "post",
  path: "/probe",
  tags: ["devices"],
  summary: "Try to reach a router",
  description:
    "Connects and logs in from a poller of the region; stores nothing. With a credential profile it " +
    "is an entry of the audit log.",
  request: { body: { required: true, content: { "application/json": { schema: ProbeRequest } } } },
  responses: { 200: json(ProbeAnswer, "What came of it"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const examine = apiRoute("devices:write", {
  method: "post",
  path: "/examine",
  tags: ["devices"],
  summary: "Look at an address before a login",
  description: "Which ports answer, and how to log in best; from a poller of the region.",
  request: { body: { required: true, content: { "application/json": { schema: HostQuestion } } } },
  responses: { 200: json(HostFindings, "What it shows"), ...COMMON_PROBLEMS },
});

/** `/api/devices`. */
export function devicesApi(deps: DeviceDeps & { rpc: Rpc }) {
  return apiModule()
    .openapi(list, async (c) => c.json(await listDevices(c.var.scope, c.req.valid("query")), 200))
    .openapi(create, async (c) => {
      const { scope } = c.var;
      const body = c.req.valid("json");
      const key = c.req.valid("header")["idempotency-key"];
      const request = key === undefined ? undefined : { key, route: "POST /api/devices", body };
      const before = request && await findAnswer(scope, request);
      if (before) return c.json(before.body as Device, 201, { "idempotent-replay": "true" });
      const device = await addDevice(scope, deps, body, async (sql, device) => {
        if (request) await keepAnswer(sql, scope, request, { status: 201, body: device });
      });
      const headers = { location: `/api/devices/${device.id}`, etag: etagOf(device.revision) };
      return c.json(device, 201, headers);
    })
    .openapi(
      examine,
      async (c) => c.json(await examineAddress(deps.rpc, c.req.valid("json")), 200),
    )
    .openapi(probe, async (c) => {
      const { scope } = c.var;
      const { username = "", password = "", profileId, ...place } = c.req.valid("json");
      if (profileId !== undefined) {
        await noteProfileTry(scope, deps, { profileId, addresses: [place.address] });
      }
      const login = profileId === undefined
        ? { username, password }
        : { tenantId: scope.tenantId, profileId };
      return c.json(await probeRouter(deps.rpc, { ...place, login }), 200);
    })
    .openapi(read, async (c) => {
      const device = await getDevice(c.var.scope, c.req.valid("param").id);
      // The row also carries live values: they are part of the version a cache compares.
      const etag = `"r${device.revision}-${device.sampledAt ?? ""}-${device.statusSince ?? ""}"`;
      if (c.req.header("if-none-match") === etag) return c.body(null, 304, { etag });
      return c.json(device, 200, { etag });
    })
    .openapi(update, async (c) => {
      const ifRevision = revisionOf(c.req.valid("header")["if-match"]);
      const { id } = c.req.valid("param");
      const patch = c.req.valid("json");
      const device = await updateDevice(c.var.scope, deps, id, patch, { ifRevision });
      return c.json(device, 200, { etag: etagOf(device.revision) });
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid("param");
      await removeDevice(c.var.scope, deps, id, c.req.valid("query").name);
      return c.body(null, 204);
    })
    .openapi(retire, async (c) => {
      const device = await retireDevice(c.var.scope, deps, c.req.valid("param").id);
      return c.json(device, 200, { etag: etagOf(device.revision) });
    })
    .openapi(restore, async (c) => {
      const device = await restoreDevice(c.var.scope, deps, c.req.valid("param").id);
      return c.json(device, 200, { etag: etagOf(device.revision) });
    })
    .openapi(state, async (c) => {
      return c.json(await getDeviceState(c.var.scope, c.req.valid("param").id), 200);
    });
}
