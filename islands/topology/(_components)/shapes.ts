import { NODE_HEIGHT, NODE_WIDTH, type Point } from "../layout.ts";

const STEP = 16;

/** A line from node to node: out of the nearest sides, parallel ones beside each other. */
export function edgePath(a: Point, b: Point, offset: number): string {
  const shift = offset * STEP;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  if (Math.abs(dy) >= NODE_HEIGHT * 1.2) {
    const down = Math.sign(dy);
    const [x1, y1] = [a.x + shift, a.y + down * NODE_HEIGHT / 2];
    const [x2, y2] = [b.x + shift, b.y - down * NODE_HEIGHT / 2];
    const middle = round((y1 + y2) / 2);
    return `M${round(x1)} ${round(y1)}C${round(x1)} ${middle} ${round(x2)} ${middle} ${round(x2)} ${
      round(y2)
    }`;
  }
  const right = Math.sign(dx) || 1;
  const [x1, x2] = [a.x + right * NODE_WIDTH / 2, b.x - right * NODE_WIDTH / 2];
  return `M${round(x1)} ${round(a.y + shift)}L${round(x2)} ${round(b.y + shift)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Colour and thickness by how busy: both say the same, for who sees no colours. */
export const BUSY = [
  { stroke: "stroke-line-strong", width: 1.5, word: "not known" },
  { stroke: "stroke-ok", width: 2, word: "under 25 %" },
  { stroke: "stroke-ok", width: 3.5, word: "25 to 50 %" },
  { stroke: "stroke-warn", width: 5, word: "50 to 80 %" },
  { stroke: "stroke-bad", width: 7, word: "80 % and more" },
] as const;

/** Dashes by state and kind. */
export function dashes(state: string, kind: string): string | undefined {
  if (state === "gone") return "2 7";
  if (state === "stale") return "9 6";
  if (kind === "wireless") return "1 6";
  if (kind === "tunnel") return "14 4 3 4";
  return undefined;
}
