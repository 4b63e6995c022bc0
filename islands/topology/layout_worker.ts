/** Lays a graph out beside the page, which stays usable meanwhile. */
import { layOut, type LayoutInput, type Point } from "./layout.ts";

export interface LayoutRequest extends LayoutInput {
  id: number;
}
export interface LayoutAnswer {
  id: number;
  points?: Map<string, Point>;
  ms: number;
  problem?: string;
}

addEventListener("message", ({ data }: MessageEvent<LayoutRequest>) => {
  const began = performance.now();
  const answer = (rest: Partial<LayoutAnswer>) =>
    postMessage({ id: data.id, ms: performance.now() - began, ...rest });
  try {
    answer({ points: layOut(data) });
  } catch (error) {
    answer({ problem: String(error) });
  }
});
