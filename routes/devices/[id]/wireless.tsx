import { EmptyState } from "@/components/EmptyState.tsx";
import DeviceCharts from "@/islands/DeviceCharts.tsx";
import Radios from "@/islands/Radios.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const param = { id: params["id"]! };
    const [device, state] = await Promise.all([
      readDevice(api, param.id),
      data(api.devices[":id"].state.$get({ param })),
    ]);
    return page({
      mayEdit: may(me, "devices:write"),
      device,
      wireless: state.wireless,
      renderedAt: Date.now(),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Wireless of ${device.name}`;

export default define.page<typeof handler>((
  { data: { mayEdit, device, wireless, renderedAt } },
) => (
  <DeviceFrame mayEdit={mayEdit} device={device} tab="Wireless" renderedAt={renderedAt}>
    {wireless === null || wireless.data.radios.length + wireless.data.clients.length === 0
      ? (
        <EmptyState title="No wireless here">
          This router has no radio, or no wireless package that answers.
        </EmptyState>
      )
      : (
        <>
          <Radios deviceId={device.id} initial={wireless.data} />
          <div class="mt-4">
            <DeviceCharts
              deviceId={device.id}
              deviceName={device.name}
              charts={["clients", "signal"]}
            />
          </div>
        </>
      )}
  </DeviceFrame>
));
