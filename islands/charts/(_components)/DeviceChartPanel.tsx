import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { CHARTS, type DeviceChart } from "@/core/contract/charts.ts";
import { spanOf, type TimeRange } from "@/core/contract/time_range.ts";
import { useSeries } from "../use_series.ts";
import { TimeChart } from "./TimeChart.tsx";

/** Percent of something that can be full; the use of a link is looked at closely instead. */
const WHOLE = new Set<DeviceChart>(["cpu", "memory", "disk", "ccq"]);

export interface InterfaceChoice {
  names: readonly string[];
  isSum: boolean;
}

/** One chart of a router. It reads when it comes into view, and grows while it is there. */
export function DeviceChartPanel({ deviceId, deviceName, chart, range, choice, onZoom }: {
  deviceId: string;
  deviceName: string;
  chart: DeviceChart;
  range: TimeRange;
  /** Of charts of interfaces; without names: all physical ones. */
  choice?: InterfaceChoice | undefined;
  onZoom?: ((from: number, to: number) => void) | undefined;
}) {
  const box = useRef<HTMLDivElement>(null);
  const isShown = useSignal(false);
  useEffect(() => {
    const watch = new IntersectionObserver(
      (entries) => isShown.value = entries.at(-1)!.isIntersecting,
      { rootMargin: "200px" },
    );
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);

  const { title, of } = CHARTS[chart];
  const query = new URLSearchParams();
  if (of === "interface" && choice && choice.names.length > 0) {
    for (const name of choice.names) query.append("name", name);
    query.set("sum", String(choice.isSum));
  }
  const address = `/api/devices/${deviceId}/metrics/${chart}`;
  const { set, failure } = useSeries(
    query.size > 0 ? `${address}?${query}` : address,
    { range, deviceIds: [deviceId], isShown: isShown.value },
  );
  const span = set ? { from: set.from, to: set.to } : spanOf(range, 0);
  const csv = `${address}/csv?${new URLSearchParams([...query, ...Object.entries(span)])}`;
  return (
    <div ref={box} class="min-w-0">
      <TimeChart
        title={title}
        subject={deviceName}
        set={set}
        isWhole={WHOLE.has(chart)}
        csv={csv}
        onZoom={onZoom}
      />
      {failure && (
        <p role="alert" class="mt-1 text-sm text-bad">This chart cannot be read now: {failure}</p>
      )}
    </div>
  );
}
