import { memo } from "preact/compat";
import type { TopologyLink } from "@/core/contract/topology.ts";
import type { Point } from "../layout.ts";
import { busyLevel, edgeState } from "../view_graph.ts";
import { BUSY, dashes, edgePath } from "./shapes.ts";

/** One line of the picture; a wide unseen one below it is easier to hit. */
export const EdgeLine = memo(
  function EdgeLine({ id, links, ax, ay, bx, by, offset, isMarked, isDimmed }: {
    id: string;
    links: readonly TopologyLink[];
    ax: number;
    ay: number;
    bx: number;
    by: number;
    offset: number;
    isMarked: boolean;
    isDimmed: boolean;
  }) {
    const [a, b]: [Point, Point] = [{ x: ax, y: ay }, { x: bx, y: by }];
    const path = edgePath(a, b, offset);
    const state = edgeState(links);
    const isOld = state === "stale" || state === "gone";
    const busy = BUSY[isOld ? 0 : busyLevel(links)];
    const count = links.length > 1 ? links.length : 0;
    return (
      <g
        data-edge={id}
        class={`cursor-pointer ${isDimmed ? "opacity-20" : state === "gone" ? "opacity-60" : ""}`}
        fill="none"
      >
        <path d={path} stroke="transparent" stroke-width={14} />
        {isMarked && <path d={path} class="stroke-accent opacity-40" stroke-width={14} />}
        <path
          d={path}
          class={busy.stroke}
          stroke-width={busy.width}
          stroke-linecap="round"
          stroke-dasharray={dashes(state, links[0]!.kind)}
        />
        {count > 0 && (
          <text
            x={(ax + bx) / 2}
            y={(ay + by) / 2 + 4}
            text-anchor="middle"
            class="fill-text-2 text-xs group-data-[reach=far]:hidden group-data-[reach=middle]:hidden"
          >
            {`${count} links`}
          </text>
        )}
      </g>
    );
  },
);
