import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { byUnit } from "@/core/contract/format.ts";

const COLORS = ["--accent", "--ok", "--warn", "--bad"];
const HEIGHT = 170;

function color(name: string): string {
  // A canvas takes no light-dark(): the browser resolves it on a real element.
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** One chart over time. Charts of a page share the cursor; gaps in the data are gaps in the line. */
export function TimeChart({ title, set }: { title: string; set: SeriesSet | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);

  useEffect(() => {
    if (!set || set.times.length === 0 || !box.current) return;
    let isGone = false;
    const element = box.current;
    const draw = async () => {
      const { default: Plot } = await import("uplot");
      if (isGone) return;
      plot.current?.destroy();
      plot.current = new Plot(options(set, element.clientWidth), columns(set), element);
    };
    void draw();
    const resize = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT });
    });
    resize.observe(element);
    addEventListener("themechange", draw);
    return () => {
      isGone = true;
      resize.disconnect();
      removeEventListener("themechange", draw);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [set]);

  const last = set?.series.map(({ name, unit, average }) => ({
    name,
    text: byUnit(unit)(average.findLast((value) => value !== null)),
  }));
  const isEmpty = set !== undefined && set.times.length === 0;
  return (
    <figure class="panel min-w-0 p-4">
      <figcaption class="mb-2 flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <span class="font-semibold">{title}</span>
        {last?.map(({ name, text }, index) => (
          <span key={name} class="inline-flex items-center gap-1.5 text-sm text-text-2">
            <svg width="10" height="3" aria-hidden="true" class={LEGEND[index % LEGEND.length]}>
              <rect width="10" height="3" fill="currentColor" />
            </svg>
            {name} <span class="text-text">{text}</span>
          </span>
        ))}
      </figcaption>
      <div ref={box} class="h-[170px]" aria-hidden="true">
        {set === undefined && <div class="h-full animate-pulse rounded-control bg-raised" />}
        {isEmpty && <p class="grid h-full place-items-center text-text-3">No data in this range</p>}
      </div>
    </figure>
  );
}

/** Axis labels by the distance between two of them: 24 hours, ISO dates. */
const TIMES: uPlot.Axis.Values = [
  [86_400 * 365, "{YYYY}", null, null, null, null, null, null, 1],
  [86_400 * 28, "{YYYY}-{MM}", null, null, null, null, null, null, 1],
  [86_400, "{MM}-{DD}", "\n{YYYY}", null, null, null, null, null, 1],
  [60, "{HH}:{mm}", "\n{YYYY}-{MM}-{DD}", null, null, null, null, null, 1],
  [1, "{HH}:{mm}:{ss}", "\n{YYYY}-{MM}-{DD}", null, null, null, null, null, 1],
];

const LEGEND = ["text-accent", "text-ok", "text-warn", "text-bad"];

function columns({ times, series }: SeriesSet): uPlot.AlignedData {
  return [times, ...series.map(({ average }) => average)] as uPlot.AlignedData;
}

function options(set: SeriesSet, width: number): uPlot.Options {
  const [line, text] = [color("--line"), color("--text-3")];
  const format = byUnit(set.series[0]?.unit ?? "other");
  const axis = {
    stroke: text,
    grid: { stroke: line, width: 1 },
    ticks: { stroke: line, width: 1 },
  };
  const isPercent = set.series[0]?.unit === "percent";
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { sync: { key: "page" }, drag: { x: true, y: false } },
    scales: {
      x: { min: Date.parse(set.from) / 1_000, max: Date.parse(set.to) / 1_000 },
      y: {
        range: (_: uPlot, min: number | null, max: number | null) =>
          isPercent ? [0, 100] : [Math.min(0, min ?? 0), Math.max((max ?? 0) * 1.1, 1)],
      },
    },
    axes: [
      { ...axis, space: 80, values: TIMES },
      { ...axis, size: 74, values: (_: uPlot, splits: number[]) => splits.map((at) => format(at)) },
    ],
    series: [
      {},
      ...set.series.map(({ name }, index) => ({
        label: name,
        stroke: color(COLORS[index % COLORS.length]!),
        width: 1.5,
        spanGaps: false,
        points: { show: set.times.length < 3 },
      })),
    ],
  };
}
