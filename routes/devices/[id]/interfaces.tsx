import { EmptyState } from "@/components/EmptyState.tsx";
import DeviceCharts from "@/islands/DeviceCharts.tsx";
import InterfaceTable from "@/islands/InterfaceTable.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const param = { id: params["id"]! };
    const [device, state] = await Promise.all([
      readDevice(api, param.id),
      data(api.devices[":id"].state.$get({ param })),
    ]);
    const chosen = url.searchParams.get("interface") ?? undefined;
    return page({
      mayEdit: may(me, "devices:write"),
      device,
      interfaces: state.interfaces,
      chosen,
      renderedAt: Date.now(),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Interfaces of ${device.name}`;

export default define.page<typeof handler>((
  { data: { mayEdit, device, interfaces, chosen, renderedAt } },
) => (
  <DeviceFrame mayEdit={mayEdit} device={device} tab="Interfaces" renderedAt={renderedAt}>
    {interfaces === null
      ? <EmptyState title="No interface read yet">They are read with the first poll.</EmptyState>
      : (
        <>
          {chosen && (
            <div class="mb-4">
              <h2 class="mb-2 text-lg">
                <bdi>{chosen}</bdi>{" "}
                <a class="text-base font-normal text-accent hover:underline" href="?">
                  All interfaces
                </a>
              </h2>
              <DeviceCharts
                deviceId={device.id}
                deviceName={device.name}
                interfaceName={chosen}
                charts={["traffic", "utilization", "packets", "errors"]}
              />
            </div>
          )}
          <InterfaceTable deviceId={device.id} initial={interfaces.data} />
        </>
      )}
  </DeviceFrame>
));
