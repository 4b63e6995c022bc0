import LogFollow from "@/islands/logs/LogFollow.tsx";
import { page } from "@/web/define.ts";
import { Logs } from "../../(_components)/Logs.tsx";
import { linkTo } from "../../(_components)/link_to.ts";
import { readLogs } from "../../(_components)/read_logs.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const id = params["id"]!;
    const [device, logs] = await Promise.all([readDevice(api, id), readLogs(api, url, id)]);
    return page({ mayEdit: may(me, "devices:write"), device, logs, renderedAt: Date.now() });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Logs of ${device.name}`;

export default define.page<typeof handler>(({ data: { mayEdit, device, logs, renderedAt } }) => (
  <DeviceFrame mayEdit={mayEdit} device={device} tab="Logs" renderedAt={renderedAt}>
    <LogFollow deviceId={device.id} />
    <div class="mb-3 flex flex-wrap items-center gap-2">
      <h2 class="flex-1 font-semibold">Stored lines</h2>
      <a class="btn" href={linkTo("/api/logs/export", logs.query)} download>Export CSV</a>
    </div>
    <Logs path={`/devices/${device.id}/logs`} page={logs} isFleet={false} />
  </DeviceFrame>
));
