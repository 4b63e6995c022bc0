import type uPlot from "uplot";
import { byUnit } from "@/core/contract/format.ts";
import { withGaps } from "@/core/contract/gaps.ts";
import type { SeriesSet, Unit } from "@/core/contract/metrics.ts";
import { resolveColor, seriesStyle } from "./series_style.ts";

/** Axis labels by the distance between two of them: 24 hours, ISO dates. */
const TIMES: uPlot.Axis.Values = [
  [86_400 * 365, "{YYYY}", null, null, null, null, null, null, 1],
  [86_400 * 28, "{YYYY}-{MM}", null, null, null, null, null, null, 1],
  [86_400, "{MM}-{DD}", "\n{YYYY}", null, null, null, null, null, 1],
  [60, "{HH}:{mm}", "\n{YYYY}-{MM}-{DD}", null, null, null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{YYYY}-{MM}-{DD}", null, null, null, null, null, 1],
];

/** The range is the server's where it was asked for, the data's where it goes on. */
export function timeScale({ from, to }: SeriesSet): { min: number; max: number } {
  return { min: Date.parse(from) / 1_000, max: Date.parse(to) / 1_000 };
}

/** More lines than this, each with its peaks, cannot be told apart. */
const MOST_WITH_PEAKS = 4;

/** Whether the highest of each bucket is drawn beside its average: a busy minute hides in an hour. */
export function hasPeaks({ tier, series }: SeriesSet): boolean {
  return tier !== "raw" && series.length <= MOST_WITH_PEAKS &&
    series.some(({ average, max }) => average.some((value, i) => value !== max[i]));
}

/** Times, averages, and after them the peaks where they are drawn. */
export function plotData(set: SeriesSet): uPlot.AlignedData {
  const { times, series, stepSeconds } = set;
  const lines = [
    ...series.map(({ average }) => average),
    ...(hasPeaks(set) ? series.map(({ max }) => max) : []),
  ];
  return [times, ...lines.map((line) => withGaps(times, line, stepSeconds))] as uPlot.AlignedData;
}

/** Amounts start at zero; where zero means nothing the axis fits what is there. */
const FITTED = new Set<Unit>(["dbm", "volt", "celsius"]);

export function valueRange(unit: Unit, min: number | null, max: number | null, isWhole: boolean) {
  if (isWhole) return [0, 100] as const;
  const [low, high] = [min ?? 0, max ?? 0];
  if (!FITTED.has(unit)) return [Math.min(0, low), high > 0 ? high * 1.1 : 1] as const;
  const room = Math.max((high - low) * 0.15, unit === "volt" ? 0.5 : 3);
  return [low - room, high + room] as const;
}

export interface PlotWanted {
  width: number;
  height: number;
  /** Percent of something that can be full: the axis shows all of it. */
  isWhole: boolean;
  onCursor(index: number | undefined): void;
  /** A stretch was drawn over, in seconds since the epoch. */
  onZoom: ((from: number, to: number) => void) | undefined;
}

export function plotOptions(set: SeriesSet, wanted: PlotWanted): uPlot.Options {
  const [line, text] = [resolveColor("--line"), resolveColor("--text-3")];
  const unit = set.series[0]?.unit ?? "other";
  const format = byUnit(unit);
  const axis = {
    stroke: text,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
  };
  const isSparse = set.times.length < 3;
  return {
    width: wanted.width,
    height: wanted.height,
    legend: { show: false },
    cursor: {
      // The cursor is shared by all charts of the page; what is drawn over belongs to one of them.
      sync: { key: "page", filters: { pub: (type) => !/^mouse(down|up)$/.test(type) } },
      drag: { x: wanted.onZoom !== undefined, y: false, setScale: false },
    },
    scales: {
      x: timeScale(set),
      y: {
        range: (_: uPlot, min: number | null, max: number | null) => [
          ...valueRange(unit, min, max, wanted.isWhole),
        ],
      },
    },
    axes: [
      { ...axis, space: 80, values: TIMES },
      { ...axis, size: 82, values: (_: uPlot, splits: number[]) => splits.map((at) => format(at)) },
    ],
    series: [
      {},
      ...set.series.map(({ name }, index) => {
        const { token, dash } = seriesStyle(index);
        return {
          label: name,
          stroke: resolveColor(token),
          dash: [...dash],
          width: 1.5,
          spanGaps: false,
          points: { show: isSparse, size: 5 },
        };
      }),
      ...(hasPeaks(set) ? set.series : []).map(({ name }, index) => ({
        label: `${name} highest`,
        stroke: resolveColor(seriesStyle(index).token),
        alpha: 0.4,
        width: 1,
        spanGaps: false,
        points: { show: false },
      })),
    ],
    hooks: {
      setCursor: [({ cursor }) => wanted.onCursor(cursor.idx ?? undefined)],
      setSelect: [(plot) => {
        const { left, width } = plot.select;
        if (width < 8) return;
        const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        if (to - from >= 60) wanted.onZoom?.(from, to);
      }],
    },
  };
}
