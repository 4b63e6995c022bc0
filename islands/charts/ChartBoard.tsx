import { useSignal } from "@preact/signals";
import type { DeviceChart } from "@/core/contract/charts.ts";
import { fixedRange, type TimeRange, writeTimeRange } from "@/core/contract/time_range.ts";
import { DeviceChartPanel, type InterfaceChoice } from "./(_components)/DeviceChartPanel.tsx";
import { InterfacePicker } from "./(_components)/InterfacePicker.tsx";
import { RangePicker } from "./(_components)/RangePicker.tsx";

export interface ChartSection {
  title: string;
  charts: readonly DeviceChart[];
}

/** All charts of a router. Range and chosen interfaces stand in the page's address. */
export default function ChartBoard({ deviceId, deviceName, sections, interfaces, ...initial }: {
  deviceId: string;
  deviceName: string;
  sections: readonly ChartSection[];
  interfaces: readonly string[];
  range: TimeRange;
  choice: InterfaceChoice;
}) {
  const range = useSignal(initial.range);
  const choice = useSignal(initial.choice);

  const remember = () => {
    const params = new URLSearchParams(location.search);
    writeTimeRange(params, range.value);
    params.delete("interface");
    params.delete("sum");
    for (const name of choice.value.names) params.append("interface", name);
    if (choice.value.isSum) params.set("sum", "true");
    history.replaceState(history.state, "", `?${params}`);
  };
  const changeRange = (chosen: TimeRange) => {
    range.value = chosen;
    remember();
  };
  return (
    <>
      <div class="sticky top-0 z-10 -mx-1 mb-4 flex flex-wrap items-center gap-x-4 gap-y-1 bg-bg px-1 py-2">
        <RangePicker range={range.value} onChange={changeRange} />
        <a class="text-accent hover:underline" href={`/compare?ids=${deviceId}`}>
          Compare with other routers
        </a>
      </div>
      {sections.map(({ title, charts }) => (
        <section key={title} class="mb-6" aria-label={title}>
          <div class="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
            <h2 class="text-lg">{title}</h2>
            {charts.includes("traffic") && (
              <InterfacePicker
                interfaces={interfaces}
                choice={choice.value}
                onChange={(chosen) => {
                  choice.value = chosen;
                  remember();
                }}
              />
            )}
          </div>
          <div class="grid gap-4 xl:grid-cols-2">
            {charts.map((chart) => (
              <DeviceChartPanel
                key={chart}
                deviceId={deviceId}
                deviceName={deviceName}
                chart={chart}
                range={range.value}
                choice={choice.value}
                onZoom={(from, to) => {
                  const chosen = fixedRange(from * 1_000, to * 1_000);
                  if (chosen) changeRange(chosen);
                }}
              />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}
