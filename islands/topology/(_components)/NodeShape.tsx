import { memo } from "preact/compat";
import { STATUS_LOOK } from "@/components/Status.tsx";
import { plainText } from "@/core/contract/plain_text.ts";
import { NODE_HEIGHT, NODE_WIDTH } from "../layout.ts";
import type { NodeStatus, ViewNode } from "../view_graph.ts";

export type Mark = "none" | "selected" | "found" | "dimmed";

const BORDER: Record<Mark, string> = {
  none: "stroke-line-strong",
  selected: "stroke-accent",
  found: "stroke-accent",
  dimmed: "stroke-line",
};

/** From afar a name cannot be read: the box itself then says how it is. */
const FAR_FILL: Record<NodeStatus, string> = {
  online: "fill-surface group-data-[reach=far]:fill-ok-soft",
  offline: "fill-surface group-data-[reach=far]:fill-bad",
  unknown: "fill-surface group-data-[reach=far]:fill-warn",
  pending: "fill-surface group-data-[reach=far]:fill-info-soft",
  disabled: "fill-surface group-data-[reach=far]:fill-off-soft",
};

/** SVG has no ellipsis; names may hold anything, and be very long. */
function short(text: string, length: number): string {
  const letters = Array.from(plainText(text.slice(0, 200)).replaceAll("\n", " "));
  return letters.length > length ? `${letters.slice(0, length - 1).join("")}…` : letters.join("");
}

/** One node of the picture. Drawn again only when it changes itself. */
export const NodeShape = memo(function NodeShape({ node, x, y, mark }: {
  node: ViewNode;
  x: number;
  y: number;
  mark: Mark;
}) {
  const { kind, name, detail, status } = node;
  const look = status ? STATUS_LOOK[status] : undefined;
  const [left, top] = [-NODE_WIDTH / 2, -NODE_HEIGHT / 2];
  const dash = kind === "unmanaged" ? "5 4" : kind === "segment" ? "2 3" : undefined;
  return (
    <g
      transform={`translate(${x} ${y})`}
      data-node={node.key}
      class={`cursor-pointer ${mark === "dimmed" ? "opacity-30" : ""}`}
    >
      {kind === "site" && (
        <rect
          x={left + 4}
          y={top - 5}
          width={NODE_WIDTH - 8}
          height={NODE_HEIGHT}
          rx={9}
          class="fill-raised stroke-line-strong"
        />
      )}
      <rect
        x={left}
        y={top}
        width={NODE_WIDTH}
        height={NODE_HEIGHT}
        rx={kind === "segment" ? NODE_HEIGHT / 2 : 9}
        class={`${BORDER[mark]} ${status ? FAR_FILL[status] : "fill-surface"}`}
        stroke-width={mark === "selected" ? 3 : mark === "found" ? 2 : 1}
        stroke-dasharray={dash}
      />
      {look && (
        <path
          d={look.shape}
          transform={`translate(${left + 11} ${top + 10})`}
          class={look.tone}
          fill="currentColor"
        />
      )}
      <text
        x={left + (look ? 29 : 14)}
        y={-3}
        class="fill-text text-sm font-medium group-data-[reach=far]:hidden group-data-[reach=middle]:hidden"
      >
        {short(name, look ? 19 : 21)}
      </text>
      <text
        x={left + 14}
        y={15}
        class="fill-text-2 text-xs group-data-[reach=far]:hidden group-data-[reach=middle]:hidden"
      >
        {short(detail, 23)}
      </text>
      <text
        x={left + (look ? 31 : 12)}
        y={9}
        class="hidden fill-text text-2xl font-semibold group-data-[reach=middle]:block"
      >
        {short(name, look ? 11 : 13)}
      </text>
      <title>
        {`${plainText(name.slice(0, 200))}${look ? `, ${look.word.toLowerCase()}` : ""}`}
      </title>
    </g>
  );
});
