import { useSignal } from "@preact/signals";
import type { DeviceChart } from "@/core/contract/charts.ts";
import { fixedRange, lastOf, type TimeRange } from "@/core/contract/time_range.ts";
import { DeviceChartPanel } from "./charts/(_components)/DeviceChartPanel.tsx";
import { RangePicker } from "./charts/(_components)/RangePicker.tsx";

/** A few charts of one device over one shared range, beside what else the page tells. */
export default function DeviceCharts({ deviceId, deviceName, charts, interfaceName }: {
  deviceId: string;
  deviceName: string;
  charts: readonly DeviceChart[];
  interfaceName?: string | undefined;
}) {
  const range = useSignal<TimeRange>(lastOf("1h"));
  return (
    <section aria-label="Charts">
      <div class="mb-3">
        <RangePicker range={range.value} onChange={(chosen) => range.value = chosen} />
      </div>
      <div class="grid gap-4 xl:grid-cols-2">
        {charts.map((chart) => (
          <DeviceChartPanel
            key={chart}
            deviceId={deviceId}
            deviceName={deviceName}
            chart={chart}
            range={range.value}
            choice={interfaceName === undefined
              ? undefined
              : { names: [interfaceName], isSum: false }}
            onZoom={(from, to) => range.value = fixedRange(from * 1_000, to * 1_000) ?? range.value}
          />
        ))}
      </div>
    </section>
  );
}
