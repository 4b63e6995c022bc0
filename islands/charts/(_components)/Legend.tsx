import { byUnit } from "@/core/contract/format.ts";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { seriesStyle } from "../series_style.ts";

/** The lines with their value under the cursor, or their newest; a click hides one. */
export function Legend({ set, hasPeaks, cursor, hidden, onToggle }: {
  set: SeriesSet;
  /** Said beside the average, as they are drawn. */
  hasPeaks: boolean;
  /** Index of a time; `undefined`: the newest. */
  cursor: number | undefined;
  hidden: ReadonlySet<string>;
  onToggle(line: string): void;
}) {
  const at = cursor === undefined ? undefined : set.times[cursor];
  return (
    <div class="mt-1 flex max-h-24 flex-wrap gap-x-4 gap-y-0.5 overflow-y-auto text-sm">
      {set.series.map((series, index) => {
        const { name, unit, average, max } = series;
        const line = lineOf(series);
        const style = seriesStyle(index);
        const value = cursor === undefined
          ? average.findLast((value) => value !== null)
          : nearest(average, cursor);
        const peak = cursor === undefined ? highest(max) : nearest(max, cursor);
        const isHidden = hidden.has(line);
        return (
          <button
            key={line}
            type="button"
            class={`inline-flex max-w-full items-center gap-1.5 ${
              isHidden ? "text-text-3" : "text-text-2"
            }`}
            aria-pressed={!isHidden}
            title={isHidden ? "Show this line" : "Hide this line"}
            onClick={() => onToggle(line)}
          >
            <svg
              width="14"
              height="3"
              aria-hidden="true"
              class={`shrink-0 ${isHidden ? "text-off" : style.class}`}
            >
              <line
                x2="14"
                y1="1.5"
                y2="1.5"
                stroke="currentColor"
                stroke-width="3"
                stroke-dasharray={style.dash.join(" ")}
              />
            </svg>
            <bdi class={`truncate ${isHidden ? "line-through" : ""}`}>{name}</bdi>
            <span class="whitespace-nowrap text-text">{byUnit(unit)(value)}</span>
            {hasPeaks && (
              <span class="whitespace-nowrap text-text-3">highest {byUnit(unit)(peak)}</span>
            )}
          </button>
        );
      })}
      {set.leftOut > 0 && <span class="text-text-3">and {set.leftOut} more</span>}
      {at !== undefined && (
        <span class="ml-auto whitespace-nowrap text-text-3">
          {new Date(at * 1_000).toLocaleString("sv-SE")}
        </span>
      )}
    </div>
  );
}

/** Two routers may bear one name. */
export function lineOf({ deviceId, name }: SeriesSet["series"][number]): string {
  return deviceId ?? name;
}

function highest(values: readonly (number | null)[]): number | null {
  return values.reduce((a, b) => a === null ? b : b === null ? a : Math.max(a, b), null);
}

/** Lines on one axis need not have a value at each of its times: one beside it is as good. */
function nearest(values: readonly (number | null)[], index: number): number | null {
  for (const at of [index, index - 1, index + 1]) {
    const value = values[at];
    if (value != null) return value;
  }
  return null;
}
