import { FleetSummary } from "@/core/contract/device.ts";
import { fleetSummary } from "@/core/devices/fleet_summary.ts";
import { apiModule, apiRoute, COMMON_PROBLEMS, json } from "../http/api_route.ts";

const summary = apiRoute("fleet:read", {
  method: "get",
  path: "/summary",
  tags: ["fleet"],
  summary: "Read the fleet's key figures",
  description: "Counts by status, traffic, versions, and the devices in the worst health.",
  responses: { 200: json(FleetSummary, "The figures"), ...COMMON_PROBLEMS },
});

/** `/api/fleet`. */
export function fleetApi() {
  return apiModule().openapi(summary, async (c) => c.json(await fleetSummary(c.var.scope), 200));
}
