/** How the lines of a chart are told apart: eight colours, then the same ones dashed, then dotted. */
const CLASSES = [
  ...["text-series-1", "text-series-2", "text-series-3", "text-series-4"],
  ...["text-series-5", "text-series-6", "text-series-7", "text-series-8"],
] as const;
const DASHES = [[], [6, 4], [2, 3]] as const;

export interface SeriesStyle {
  /** Of the legend. */
  class: string;
  /** Of the canvas. */
  token: string;
  dash: readonly number[];
}

export function seriesStyle(index: number): SeriesStyle {
  const at = index % CLASSES.length;
  return {
    class: CLASSES[at]!,
    token: `--series-${at + 1}`,
    dash: DASHES[Math.floor(index / CLASSES.length) % DASHES.length]!,
  };
}

/** A token's colour as a canvas takes it: the browser resolves `light-dark()` on a real element. */
export function resolveColor(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
