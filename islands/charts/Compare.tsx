import { useSignal } from "@preact/signals";
import {
  type Comparison,
  COMPARISON_NAMES,
  COMPARISONS,
  MAX_COMPARED,
} from "@/core/contract/charts.ts";
import { fixedRange, spanOf, type TimeRange, writeTimeRange } from "@/core/contract/time_range.ts";
import { CompareTable } from "./(_components)/CompareTable.tsx";
import { RangePicker } from "./(_components)/RangePicker.tsx";
import { type FoundDevice, RouterSearch } from "./(_components)/RouterSearch.tsx";
import { TimeChart } from "./(_components)/TimeChart.tsx";
import { useSeries } from "./use_series.ts";

const WHOLE = new Set<Comparison>(["cpu", "memory", "disk"]);

/** Routers side by side; which, what and when stands in the page's address. */
export default function Compare(initial: {
  devices: readonly FoundDevice[];
  chart: Comparison;
  range: TimeRange;
}) {
  const devices = useSignal(initial.devices);
  const chart = useSignal(initial.chart);
  const range = useSignal(initial.range);

  const remember = () => {
    const params = new URLSearchParams({
      ids: devices.value.map(({ id }) => id).join(","),
      chart: chart.value,
    });
    writeTimeRange(params, range.value);
    history.replaceState(history.state, "", `?${params}`);
  };
  const changeRange = (chosen: TimeRange | undefined) => {
    if (!chosen) return;
    range.value = chosen;
    remember();
  };
  const changeDevices = (chosen: readonly FoundDevice[]) => {
    devices.value = chosen;
    remember();
  };

  const ids = devices.value.map(({ id }) => id);
  const query = new URLSearchParams({ ids: ids.join(","), chart: chart.value });
  const { set, failure } = useSeries(`/api/metrics/compare?${query}`, {
    ...{ range: range.value, deviceIds: ids, isShown: ids.length > 0 },
  });
  const span = set ? { from: set.from, to: set.to } : spanOf(range.value, 0);
  const { title } = COMPARISONS[chart.value];
  return (
    <>
      <div class="mb-3 flex flex-wrap items-center gap-2">
        {devices.value.map(({ id, name }) => (
          <span key={id} class="chip max-w-64">
            <a class="truncate hover:underline" href={`/devices/${id}/charts`}>
              <bdi>{name}</bdi>
            </a>
            <button
              type="button"
              class="-my-1 -mr-2 grid size-6 shrink-0 place-items-center text-text-3 hover:text-text"
              aria-label={`Leave out ${name}`}
              onClick={() => changeDevices(devices.value.filter((device) => device.id !== id))}
            >
              ×
            </button>
          </span>
        ))}
        {devices.value.length < MAX_COMPARED && (
          <RouterSearch
            without={ids}
            onFound={(device) => changeDevices([...devices.value, device])}
          />
        )}
      </div>
      {ids.length === 0
        ? (
          <p class="panel p-8 text-center text-text-2">
            Search for a router above, or tick some in the fleet and choose “Compare”.
          </p>
        )
        : (
          <>
            <div class="mb-3 flex flex-wrap items-center gap-x-6 gap-y-2">
              <RangePicker range={range.value} onChange={changeRange} />
              <label class="flex items-center gap-2">
                Figure
                <select
                  class="field w-auto"
                  value={chart.value}
                  onChange={(event) => {
                    chart.value = event.currentTarget.value as Comparison;
                    remember();
                  }}
                >
                  {COMPARISON_NAMES.map((name) => (
                    <option key={name} value={name}>{COMPARISONS[name].title}</option>
                  ))}
                </select>
              </label>
            </div>
            {failure && (
              <p role="alert" class="mb-3 text-bad">
                This comparison cannot be read now: {failure}
              </p>
            )}
            <TimeChart
              title={title}
              subject={`${ids.length} routers`}
              set={set}
              isWhole={WHOLE.has(chart.value)}
              isTall
              csv={`/api/metrics/compare/csv?${new URLSearchParams([
                ...query,
                ...Object.entries(span),
              ])}`}
              onZoom={(from, to) => changeRange(fixedRange(from * 1_000, to * 1_000))}
            />
            {set && <CompareTable set={set} />}
          </>
        )}
    </>
  );
}
