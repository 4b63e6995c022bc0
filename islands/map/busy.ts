/** Colour and thickness of a line by how busy it is: both say the same. */
export function busyClass(percent: number | null): { className: string; weight: number } {
  if (percent === null) return { className: "map-link stroke-line-strong", weight: 1.5 };
  if (percent >= 80) return { className: "map-link stroke-bad", weight: 5.5 };
  if (percent >= 50) return { className: "map-link stroke-warn", weight: 4 };
  return { className: "map-link stroke-ok", weight: percent >= 25 ? 2.5 : 1.5 };
}
