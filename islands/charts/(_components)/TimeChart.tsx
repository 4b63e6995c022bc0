import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { SeriesSet } from "@/core/contract/metrics.ts";
import { hasPeaks, plotData, plotOptions, timeScale } from "../plot_options.ts";
import { savePng } from "../save_png.ts";
import { Legend, lineOf } from "./Legend.tsx";

const SHORT = 170;
const TALL = 320;

/**
 * One chart over time. Charts of a page share the cursor; gaps in the data are gaps in the line; a
 * stretch that is drawn over becomes the range.
 */
export function TimeChart({ title, subject, set, isWhole = false, isTall = false, csv, onZoom }: {
  title: string;
  /** Whose chart it is, for the picture. */
  subject?: string;
  set: SeriesSet | undefined;
  isWhole?: boolean;
  isTall?: boolean;
  /** Where the figures are to be had. */
  csv?: string | undefined;
  onZoom?: ((from: number, to: number) => void) | undefined;
}) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const cursor = useSignal<number | undefined>(undefined);
  const hidden = useSignal<ReadonlySet<string>>(new Set());
  const latest = useRef(set);
  latest.current = set;
  const zoom = useRef(onZoom);
  zoom.current = onZoom;
  const height = isTall ? TALL : SHORT;
  const isEmpty = set !== undefined && set.times.length === 0;
  // With the same lines a chart takes new figures; otherwise it is made anew.
  const shape = set && !isEmpty
    ? JSON.stringify([
      set.series.map(lineOf),
      set.series[0]?.unit,
      set.times.length < 3,
      hasPeaks(set),
    ])
    : "";

  useEffect(() => {
    if (!set || shape === "" || !box.current) return;
    let isGone = false;
    const element = box.current;
    const draw = async () => {
      const { default: Plot } = await import("uplot");
      if (isGone) return;
      plot.current?.destroy();
      const options = plotOptions(latest.current!, {
        ...{ width: element.clientWidth, height, isWhole },
        onCursor: (index) => cursor.value = index,
        onZoom: zoom.current && ((from, to) => zoom.current?.(from, to)),
      });
      plot.current = new Plot(options, plotData(latest.current!), element);
      show();
    };
    void draw();
    const resize = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height });
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
  }, [shape, height, isWhole]);

  useEffect(() => {
    if (!set || !plot.current) return;
    plot.current.setData(plotData(set), false);
    plot.current.setScale("x", timeScale(set));
  }, [set]);

  const show = () => {
    const series = latest.current?.series ?? [];
    series.forEach((line, index) => {
      const show = !hidden.value.has(lineOf(line));
      for (const at of [index, series.length + index]) {
        if (plot.current?.series[at + 1]) plot.current.setSeries(at + 1, { show });
      }
    });
  };
  const toggle = (line: string) => {
    const next = new Set(hidden.value);
    if (!next.delete(line)) next.add(line);
    hidden.value = next;
    show();
  };
  const save = () => {
    const canvas = box.current?.querySelector("canvas");
    if (canvas && set) void savePng(canvas, { title, subject: subject ?? "", set });
  };

  return (
    <figure class="panel min-w-0 p-4" aria-label={title}>
      <figcaption class="mb-2">
        <div class="flex items-baseline gap-3">
          <span class="flex-1 font-semibold">{title}</span>
          {csv && !isEmpty && set && (
            <span class="flex gap-3 text-sm text-text-3">
              <a class="hover:text-text" href={csv} download aria-label={`${title} as CSV`}>CSV</a>
              <button
                type="button"
                class="hover:text-text"
                onClick={save}
                aria-label={`${title} as PNG`}
              >
                PNG
              </button>
            </span>
          )}
        </div>
        {set && !isEmpty && (
          <Legend
            set={set}
            hasPeaks={hasPeaks(set)}
            cursor={cursor.value}
            hidden={hidden.value}
            onToggle={toggle}
          />
        )}
      </figcaption>
      <div ref={box} class={isTall ? "h-[320px]" : "h-[170px]"} aria-hidden="true">
        {set === undefined && <div class="h-full animate-pulse rounded-control bg-raised" />}
        {isEmpty && <p class="grid h-full place-items-center text-text-3">No data in this range</p>}
      </div>
    </figure>
  );
}
