import { useSignal } from "@preact/signals";
import { ask } from "./ask.ts";
import { useEffect } from "preact/hooks";
import type { LiveDevice } from "@/core/contract/device.ts";
import type { DeviceChart } from "@/core/contract/charts.ts";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { follow } from "./live.ts";
import { TimeChart } from "./TimeChart.tsx";

const RANGES = [
  ["15 min", 900],
  ["1 h", 3_600],
  ["3 h", 10_800],
  ["24 h", 86_400],
  ["7 d", 604_800],
  ["30 d", 2_592_000],
  ["1 y", 31_536_000],
] as const;

interface Chart {
  chart: DeviceChart;
  title: string;
}

/** Charts of one device over one shared range; raw ranges grow with every live sample. */
export default function DeviceCharts({ deviceId, charts, interfaceName, seconds }: {
  deviceId: string;
  charts: Chart[];
  interfaceName?: string | undefined;
  seconds: number;
}) {
  const range = useSignal(seconds);
  const sets = useSignal<Record<string, SeriesSet>>({});
  const failure = useSignal("");

  useEffect(() => {
    const abort = new AbortController();
    const load = async () => {
      const to = new Date();
      const from = new Date(to.getTime() - range.value * 1_000);
      const query = new URLSearchParams({
        from: from.toISOString(),
        to: to.toISOString(),
        ...(interfaceName && { name: interfaceName }),
      });
      try {
        const loaded = await Promise.all(charts.map(async ({ chart }) => {
          const url = `/api/devices/${deviceId}/metrics/${chart}?${query}`;
          const response = await ask(url, { signal: abort.signal });
          if (!response.ok) throw new Error((await response.json()).title);
          return [chart, await response.json() as SeriesSet] as const;
        }));
        sets.value = Object.fromEntries(loaded);
        failure.value = "";
      } catch (error) {
        if (!abort.signal.aborted) failure.value = (error as Error).message;
      }
    };
    void load();
    const stop = follow({
      device: (live) => {
        sets.value = Object.fromEntries(
          Object.entries(sets.value).map(([chart, set]) => [
            chart,
            extended(chart as DeviceChart, set, live, interfaceName, range.value),
          ]),
        );
      },
      reset: () => void load(),
    }, deviceId);
    // Long ranges are made of closed buckets: they are read again when a new one is there.
    const timer = range.value > 86_400 ? setInterval(() => void load(), 300_000) : undefined;
    return () => {
      abort.abort();
      stop();
      clearInterval(timer);
    };
  }, [deviceId, range.value, interfaceName]);

  return (
    <section aria-label="Charts">
      <div class="mb-3 flex flex-wrap gap-1.5" role="group" aria-label="Time range">
        {RANGES.map(([label, length]) => (
          <button
            key={label}
            type="button"
            class="chip"
            aria-current={range.value === length ? "true" : undefined}
            onClick={() => range.value = length}
          >
            {label}
          </button>
        ))}
      </div>
      {failure.value && (
        <p role="alert" class="mb-3 text-bad">The charts cannot be read now: {failure.value}</p>
      )}
      <div class="grid gap-4 xl:grid-cols-2">
        {charts.map(({ chart, title }) => (
          <TimeChart key={chart} title={title} set={sets.value[chart]} />
        ))}
      </div>
    </section>
  );
}

/** A raw series with one more point at its end, and its range moved on. */
function extended(
  chart: DeviceChart,
  set: SeriesSet,
  live: LiveDevice,
  interfaceName: string | undefined,
  seconds: number,
): SeriesSet {
  const at = live.cells.sampledAt ? Date.parse(live.cells.sampledAt) / 1_000 : undefined;
  if (set.tier !== "raw" || at === undefined || at <= (set.times.at(-1) ?? 0)) return set;
  const values = valuesOf(chart, live, interfaceName);
  if (values.length === 0) return set;
  const keep = set.times.findIndex((time) => time >= at - seconds);
  const from = Math.max(keep, 0);
  return {
    ...set,
    from: new Date((at - seconds) * 1_000).toISOString(),
    to: new Date(at * 1_000).toISOString(),
    times: [...set.times.slice(from), at],
    series: set.series.map((series, index) => ({
      ...series,
      average: [...series.average.slice(from), values[index] ?? null],
      max: [...series.max.slice(from), values[index] ?? null],
    })),
  };
}

function valuesOf(
  chart: DeviceChart,
  { cells, interfaces }: LiveDevice,
  name: string | undefined,
): (number | null)[] {
  switch (chart) {
    case "cpu":
      return [cells.cpuPercent];
    case "memory":
      return [cells.memoryPercent];
    case "temperature":
      return [cells.temperatureC];
    case "clients":
      return [cells.wirelessClients];
    case "traffic": {
      if (name === undefined) return [cells.rxBps, cells.txBps];
      const found = interfaces?.find((one) => one.name === name);
      return [found?.rxBps ?? null, found?.txBps ?? null];
    }
    default:
      return [];
  }
}
