import type { Point } from "./layout.ts";

/** What of the picture is seen: screen = picture * k + (x, y). */
export interface View {
  x: number;
  y: number;
  k: number;
}

export const MIN_ZOOM = 0.04;
export const MAX_ZOOM = 2.5;
/** How much of a node can be read: everything, its name in large letters, or nothing but its colour. */
export type Reach = "near" | "middle" | "far";

export function reachOf(zoom: number): Reach {
  return zoom >= 0.6 ? "near" : zoom >= 0.24 ? "middle" : "far";
}

/** Zooms so that the point under the pointer stays there. */
export function zoomAt({ x, y, k }: View, at: Point, factor: number): View {
  const zoom = Math.min(Math.max(k * factor, MIN_ZOOM), MAX_ZOOM);
  const by = zoom / k;
  return { x: at.x - (at.x - x) * by, y: at.y - (at.y - y) * by, k: zoom };
}

/** Everything in sight, not larger than life. */
export function fit(points: Iterable<Point>, width: number, height: number, margin = 110): View {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (left > right) return { x: width / 2, y: height / 2, k: 1 };
  const k = Math.min(
    width / (right - left + 2 * margin),
    height / (bottom - top + margin),
    1,
  );
  const zoom = Math.max(k, MIN_ZOOM);
  return {
    k: zoom,
    x: width / 2 - zoom * (left + right) / 2,
    y: height / 2 - zoom * (top + bottom) / 2,
  };
}

/** With `point` in the middle, near enough to read. */
export function centreOn({ k }: View, point: Point, width: number, height: number): View {
  const zoom = Math.max(k, 0.8);
  return { k: zoom, x: width / 2 - zoom * point.x, y: height / 2 - zoom * point.y };
}

/** The next of `points` from `from` in a direction: near, and rather ahead than aside. */
export function nextTo(
  points: ReadonlyMap<string, Point>,
  from: Point,
  [dx, dy]: readonly [number, number],
): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const [key, { x, y }] of points) {
    const ahead = (x - from.x) * dx + (y - from.y) * dy;
    const aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
    if (ahead <= 1) continue;
    const cost = ahead + 2 * aside;
    if (cost < least) [best, least] = [key, cost];
  }
  return best;
}
