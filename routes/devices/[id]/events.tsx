import { page } from "@/web/define.ts";
import { Events } from "../../(_components)/Events.tsx";
import { readEvents } from "../../(_components)/read_events.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

export const handler = define.handlers({
  async GET({ params, url, state: { api, me } }) {
    const id = params["id"]!;
    const [device, events] = await Promise.all([readDevice(api, id), readEvents(api, url, id)]);
    return page({ mayEdit: may(me, "devices:write"), device, events });
  },
});

export const title = ({ device }: { device: { name: string } }) => `Events of ${device.name}`;

export default define.page<typeof handler>(({ data: { mayEdit, device, events } }) => (
  <DeviceFrame mayEdit={mayEdit} device={device} tab="Events" renderedAt={events.renderedAt}>
    <Events path={`/devices/${device.id}/events`} page={events} />
  </DeviceFrame>
));
