import { Availability } from "@/components/Availability.tsx";
import DeviceCharts from "@/islands/DeviceCharts.tsx";
import EventFeed from "@/islands/EventFeed.tsx";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";
import { readDevice } from "../read_device.ts";
import { DeviceFrame } from "./(_components)/DeviceFrame.tsx";

const EVENTS = 10;

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const id = params["id"]!;
    const [device, past, events] = await Promise.all([
      readDevice(api, id),
      data(api.devices[":id"].availability.$get({ param: { id } })).catch(() => null),
      data(api.events.$get({ query: { device: id, limit: String(EVENTS) } })).catch(() => null),
    ]);
    return page({
      mayEdit: may(me, "devices:write"),
      device,
      past,
      events: events?.items ?? [],
      renderedAt: Date.now(),
    });
  },
});

export const title = ({ device }: { device: { name: string } }) => device.name;

export default define.page<typeof handler>(({ data }) => {
  const { mayEdit, device, past, events, renderedAt } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Overview" renderedAt={renderedAt}>
      <DeviceCharts
        deviceId={device.id}
        deviceName={device.name}
        charts={["cpu", "memory", "traffic", "temperature"]}
      />
      {past && <Availability {...past} />}
      <section class="panel mt-4 p-4" aria-labelledby="events">
        <h2 id="events" class="mb-1 font-semibold">Events</h2>
        <EventFeed
          initial={events}
          renderedAt={renderedAt}
          keep={EVENTS}
          deviceId={device.id}
        />
      </section>
    </DeviceFrame>
  );
});
