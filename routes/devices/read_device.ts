import type { Device } from "@/core/contract/device.ts";
import { data } from "../api_data.ts";
import type { ApiClient } from "../http/api_client.ts";

/** One device for a page. The route can also answer 304, which a page never asks for. */
export async function readDevice(api: ApiClient, id: string): Promise<Device> {
  return await data(api.devices[":id"].$get({ param: { id } })) as Device;
}
