import { z } from "@hono/zod-openapi";
import { DEVICE_CLIENT_SORTS, DeviceClientPage } from "@/core/contract/clients.ts";
import { listDeviceClients } from "@/core/clients/device_clients.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json, NOT_FOUND } from "../http/api_route.ts";

const tags = ["clients"];

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
      cursor: z.string().max(2_000).optional(),
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
