import { deepEqual, equal } from "node:assert/strict";
import { wedge } from "./wedge.ts";

/** The corner in the middle of the arc, rounded. */
function looksAt(azimuth: number, beamwidth: number | null): number[] {
  const corners = wedge({ azimuth, beamwidth }, 100).slice(1);
  const { x, y } = corners[(corners.length - 1) / 2]!;
  return [Math.round(x) + 0, Math.round(y) + 0];
}

Deno.test("wedge: north is up, degrees go clockwise", () => {
  deepEqual(looksAt(0, 60), [0, -100]);
  deepEqual(looksAt(90, null), [100, 0]);
  deepEqual(looksAt(180, 120), [0, 100]);
  deepEqual(looksAt(270, 36), [-100, 0]);
});

Deno.test("wedge: all around has no corner in the middle, the narrowest is still a triangle", () => {
  equal(wedge({ azimuth: 10, beamwidth: 360 }, 50).every(({ x, y }) => x !== 0 || y !== 0), true);
  equal(wedge({ azimuth: 10, beamwidth: 1 }, 50).length, 4);
});
