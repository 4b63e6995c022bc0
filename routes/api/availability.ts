import { z } from "@hono/zod-openapi";
import { deviceAvailability } from "@/core/availability/device_availability.ts";
import { DeviceAvailability } from "@/core/contract/availability.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json, NOT_FOUND } from "../http/api_route.ts";

const read = apiRoute("devices:read", {
  method: "get",
  path: "/{id}/availability",
  tags: ["devices"],
  summary: "Read how much of the time a device was there",
  description: "Sums over its history of status, for the last 24 hours, 7 and 30 days. Time in " +
    "which nobody polled it is in neither sum.",
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: json(DeviceAvailability, "The sums"),
    ...COMMON_PROBLEMS,
    ...NOT_FOUND,
  },
});

/** `/api/devices/{id}/availability`. */
export function availabilityApi({ clock }: { clock: Clock }) {
  return apiModule().openapi(read, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await deviceAvailability(c.var.scope, id, clock.now()), 200);
  });
}
