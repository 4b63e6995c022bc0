import type { DeviceChart } from "@/core/contract/charts.ts";
import type { DeviceState } from "@/core/contract/device.ts";
import { readTimeRange } from "@/core/contract/time_range.ts";
import ChartBoard, { type ChartSection } from "@/islands/charts/ChartBoard.tsx";
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
    const query = url.searchParams;
    const names = query.getAll("interface").slice(0, 24).map((name) => name.slice(0, 200));
    return page({
      mayEdit: may(me, "devices:write"),
      device,
      sections: sectionsOf(state),
      interfaces: (state.interfaces?.data ?? []).map(({ name }) => name),
      range: readTimeRange(query),
      choice: { names, isSum: query.has("sum") && names.length > 1 },
      renderedAt: Date.now(),
    });
  },
});

const SENSOR_CHARTS = {
  temperature: "temperature",
  voltage: "voltage",
  current: "current",
  power: "power",
  fan: "fan",
  state: "faults",
} as const;

/** The charts that this router has something for. */
function sectionsOf({ sensors, wireless, poe, optics }: DeviceState): ChartSection[] {
  const kinds = new Set(sensors?.data.map(({ kind }) => kind));
  const measured = Object.entries(SENSOR_CHARTS)
    .filter(([kind]) => kinds.has(kind as keyof typeof SENSOR_CHARTS))
    .map(([, chart]) => chart);
  const hasRadios = (wireless?.data.radios.length ?? 0) + (wireless?.data.clients.length ?? 0) > 0;
  const sections: ChartSection[] = [
    { title: "Health", charts: ["cpu", "memory", "disk", "connections", "leases", "ppp", "poll"] },
    { title: "Interfaces", charts: ["traffic", "utilization", "packets", "errors"] },
  ];
  const add = (title: string, charts: readonly DeviceChart[]) => {
    if (charts.length > 0) sections.push({ title, charts });
  };
  add("Wireless", hasRadios ? ["radio_clients", "signal", "noise", "ccq"] : []);
  add("Sensors", measured);
  add("PoE", poe?.data.length ? ["poe_power", "poe_voltage", "poe_current"] : []);
  const hasOptics = optics?.data.some(({ isPresent }) => isPresent) ?? false;
  add("Optics", hasOptics ? ["optic_power", "optic_temperature"] : []);
  return sections;
}

export const title = ({ device }: { device: { name: string } }) => `Charts of ${device.name}`;

export default define.page<typeof handler>(({ data }) => {
  const { mayEdit, device, sections, interfaces, range, choice, renderedAt } = data;
  return (
    <DeviceFrame mayEdit={mayEdit} device={device} tab="Charts" renderedAt={renderedAt}>
      <ChartBoard
        deviceId={device.id}
        deviceName={device.name}
        sections={sections}
        interfaces={interfaces}
        range={range}
        choice={choice}
      />
    </DeviceFrame>
  );
});
