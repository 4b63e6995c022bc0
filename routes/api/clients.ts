import { z } from "@hono/zod-openapi";
import { listDeviceClients } from "@/core/clients/device_clients.ts";
import { eraseClient } from "@/core/clients/erase_client.ts";
import { exportClients } from "@/core/clients/export_clients.ts";
import { getClient, listSightings } from "@/core/clients/get_client.ts";
import { listClients } from "@/core/clients/list_clients.ts";
import {
  CLIENT_SORTS,
  ClientDetail,
  ClientPage,
  ClientSightingPage,
  DEVICE_CLIENT_SORTS,
  DeviceClientPage,
} from "@/core/contract/clients.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Kms } from "@/core/ports/kms.ts";
import {
  apiModule,
  apiRoute,
  COMMON_PROBLEMS,
  json,
  NO_CONTENT,
  NOT_FOUND,
} from "../http/api_route.ts";
import { download, fileName } from "../http/download.ts";

const tags = ["clients"];
const Mac = z.object({
  mac: z.string().max(40).openapi({
    description: "In any notation",
    example: "AA:BB:CC:DD:EE:FF",
  }),
});
const search = {
  q: z.string().max(500).optional(),
  sort: z.enum(CLIENT_SORTS).optional(),
  order: z.enum(["asc", "desc"]).optional(),
};
const cursor = z.string().max(2_000).optional();

const onDevice = apiRoute("clients:read", {
  method: "get",
  path: "/{id}/clients",
  tags,
  summary: "List the clients of a device",
  description: "What its ARP, DHCP, bridge, wireless, PPP and IPv6 neighbour tables know, put " +
    "together by MAC address. `q` searches names, addresses, MACs, vendors, ports and SSIDs.",
  request: {
    params: z.object({ id: z.string().openapi({ format: "uuid" }) }),
    query: z.object({
      q: z.string().max(200).optional(),
      here: z.enum(["true", "false"]).default("false").transform((text) => text === "true"),
      sort: z.enum(DEVICE_CLIENT_SORTS).optional(),
      cursor,
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: { 200: json(DeviceClientPage, "A page"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/devices/{id}/clients`. */
export function deviceClientsApi() {
  return apiModule().openapi(onDevice, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await listDeviceClients(c.var.scope, id, c.req.valid("query")), 200);
  });
}

const list = apiRoute("clients:read", {
  method: "get",
  path: "/",
  tags,
  summary: "Find clients across the fleet",
  description: "`q` takes words (part of a MAC in any notation, an address or network, a name, " +
    'vendor, SSID or router) and filters: `ip:10.0.0.0/8 vendor:apple router:"core 1" is:wireless`.',
  request: {
    query: z.object({
      ...{ ...search, cursor },
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
  },
  responses: { 200: json(ClientPage, "A page of clients"), ...COMMON_PROBLEMS },
});

const give = apiRoute("clients:read", {
  method: "get",
  path: "/export",
  tags,
  summary: "Export clients",
  description: "As CSV. It is an entry of the audit log.",
  request: { query: z.object(search) },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: z.string() } } },
    ...COMMON_PROBLEMS,
  },
});

const read = apiRoute("clients:read", {
  method: "get",
  path: "/{mac}",
  tags,
  summary: "Read a client",
  description: "The best place known of it, and what each router that has it now tells.",
  request: { params: Mac },
  responses: { 200: json(ClientDetail, "The client"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const sightings = apiRoute("clients:read", {
  method: "get",
  path: "/{mac}/sightings",
  tags,
  summary: "List where a client was",
  description: "Its stays, the latest first.",
  request: {
    params: Mac,
    query: z.object({ cursor, limit: z.coerce.number().int().min(1).max(500).default(50) }),
  },
  responses: { 200: json(ClientSightingPage, "A page"), ...COMMON_PROBLEMS, ...NOT_FOUND },
});

const erase = apiRoute("clients:erase", {
  method: "delete",
  path: "/{mac}",
  tags,
  summary: "Erase a client",
  description: "With everything that is kept of its MAC address. If it is still connected it " +
    "comes back within a quarter of an hour, as somebody new. An entry of the audit log, which names the maker's half only.",
  request: { params: Mac },
  responses: { ...NO_CONTENT, ...COMMON_PROBLEMS, ...NOT_FOUND },
});

/** `/api/clients`. */
export function clientsApi(deps: { kms: Kms; clock: Clock }) {
  const now = () => deps.clock.now();
  return apiModule()
    .openapi(list, async (c) => {
      return c.json(await listClients(c.var.scope, { ...c.req.valid("query"), nowMs: now() }), 200);
    })
    .openapi(give, async (c) => {
      const pieces = await exportClients(c.var.scope, deps, c.req.valid("query"));
      return download(pieces, {
        name: fileName("clients", deps.clock, "csv"),
        type: "text/csv",
      }) as never;
    })
    .openapi(read, async (c) => {
      const { mac } = c.req.valid("param");
      return c.json(await getClient(c.var.scope, mac, { nowMs: now() }), 200);
    })
    .openapi(sightings, async (c) => {
      const { mac } = c.req.valid("param");
      const options = { ...c.req.valid("query"), nowMs: now() };
      return c.json(await listSightings(c.var.scope, mac, options), 200);
    })
    .openapi(erase, async (c) => {
      await eraseClient(c.var.scope, deps, c.req.valid("param").mac);
      return c.body(null, 204);
    });
}
