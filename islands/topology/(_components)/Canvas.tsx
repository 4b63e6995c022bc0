import { useEffect, useRef } from "preact/hooks";
import type { Point } from "../layout.ts";
import { centreOn, fit, nextTo, reachOf, type View, zoomAt } from "../viewport.ts";
import type { ViewGraph } from "../view_graph.ts";
import { EdgeLine } from "./EdgeLine.tsx";
import { type Mark, NodeShape } from "./NodeShape.tsx";

/** A pointer that moved less than this has clicked. */
const CLICK_PX = 5;
const PAN_STEP = 60;
const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface CanvasHandle {
  fit(): void;
  zoom(factor: number): void;
  centre(key: string): void;
}

/** The picture: panned and zoomed by moving one group, so that nothing is drawn again meanwhile. */
export function Canvas(props: {
  graph: ViewGraph;
  points: ReadonlyMap<string, Point>;
  markOf: (key: string) => Mark;
  markedEdges: ReadonlySet<string>;
  isEdgeDimmed: (a: string, b: string) => boolean;
  selected: string | undefined;
  mayMove: boolean;
  onSelect: (what: { node: string } | { edge: string } | undefined) => void;
  onOpen: (key: string) => void;
  onMove: (key: string, point: Point, isDone: boolean) => void;
  onReady: (handle: CanvasHandle) => void;
}) {
  const { graph, points, markOf, markedEdges, isEdgeDimmed } = props;
  const svg = useRef<SVGSVGElement>(null);
  const world = useRef<SVGGElement>(null);
  const view = useRef<View>({ x: 0, y: 0, k: 1 });
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = svg.current!;
    let frame = 0;
    const draw = () => {
      frame = 0;
      const { x, y, k } = view.current;
      world.current?.setAttribute("transform", `translate(${x} ${y}) scale(${k})`);
      element.dataset["reach"] = reachOf(k);
    };
    const move = (next: View) => {
      view.current = next;
      frame ||= requestAnimationFrame(draw);
    };
    const size = () => [element.clientWidth, element.clientHeight] as const;
    const handle: CanvasHandle = {
      fit: () => move(fit(latest.current.points.values(), ...size())),
      zoom: (factor) => {
        const [width, height] = size();
        move(zoomAt(view.current, { x: width / 2, y: height / 2 }, factor));
      },
      centre: (key) => {
        const point = latest.current.points.get(key);
        if (point) move(centreOn(view.current, point, ...size()));
      },
    };
    const stop = listen(element, { view, latest, move, handle });
    latest.current.onReady(handle);
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, []);

  return (
    <svg
      ref={svg}
      class="group h-full w-full touch-none select-none focus:outline-none focus-visible:ring-2 focus-visible:ring-accent focus-visible:ring-inset"
      tabIndex={0}
      role="application"
      aria-label="Topology: arrows move to the next node, plus and minus zoom, 0 shows all, Enter opens, Escape lets go"
      data-testid="topology-canvas"
    >
      <g ref={world}>
        {graph.edges.map(({ key, a, b, links, offset }) => {
          const [from, to] = [points.get(a), points.get(b)];
          return from && to && (
            <EdgeLine
              key={key}
              id={key}
              links={links}
              ax={from.x}
              ay={from.y}
              bx={to.x}
              by={to.y}
              offset={offset}
              isMarked={markedEdges.has(key)}
              isDimmed={isEdgeDimmed(a, b)}
            />
          );
        })}
        {graph.nodes.map((node) => {
          const point = points.get(node.key);
          return point && (
            <NodeShape key={node.key} node={node} x={point.x} y={point.y} mark={markOf(node.key)} />
          );
        })}
      </g>
    </svg>
  );
}

interface Controls {
  view: { current: View };
  latest: { current: Parameters<typeof Canvas>[0] };
  move: (view: View) => void;
  handle: CanvasHandle;
}

interface Hold {
  /** The node it began on, while nodes may be moved. */
  node: string | undefined;
  start: Point;
  last: Point;
  isMoved: boolean;
}

/** Pointers (one pans or drags, two pinch), wheel and keys. */
function listen(element: SVGSVGElement, { view, latest, move, handle }: Controls): () => void {
  const pointers = new Map<number, Point>();
  let hold: Hold | undefined;
  let frame = 0;
  const at = (event: PointerEvent | WheelEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const hit = (event: Event, name: "node" | "edge") =>
    (event.target as Element).closest<SVGElement>(`[data-${name}]`)?.dataset[name];

  const down = (event: PointerEvent) => {
    pointers.set(event.pointerId, at(event));
    const node = hit(event, "node");
    hold = { node, start: at(event), last: at(event), isMoved: false };
  };
  const drag = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before || !hold) return;
    const now = at(event);
    pointers.set(event.pointerId, now);
    if (pointers.size === 2) return pinch(before, now, event.pointerId);
    if (!hold.isMoved) {
      if (Math.hypot(now.x - hold.start.x, now.y - hold.start.y) < CLICK_PX) return;
      hold.isMoved = true;
      element.setPointerCapture(event.pointerId);
    }
    const [dx, dy] = [now.x - hold.last.x, now.y - hold.last.y];
    hold.last = now;
    const { x, y, k } = view.current;
    const point = hold.node && latest.current.mayMove && latest.current.points.get(hold.node);
    if (!point) return move({ x: x + dx, y: y + dy, k });
    const target = { x: point.x + dx / k, y: point.y + dy / k };
    latest.current.onMove(hold.node!, target, false);
  };
  const pinch = (before: Point, now: Point, id: number) => {
    const other = [...pointers].find(([key]) => key !== id)![1];
    const distance = (point: Point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    hold!.isMoved = true;
    move(zoomAt(view.current, other, distance(now) / distance(before)));
  };
  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId) || !hold) return;
    const { node, isMoved } = hold;
    if (pointers.size > 0) return void (hold = { ...hold, last: [...pointers.values()][0]! });
    hold = undefined;
    if (isMoved) {
      const point = node && latest.current.mayMove && latest.current.points.get(node);
      if (point) latest.current.onMove(node!, point, true);
      return;
    }
    const edge = hit(event, "edge");
    latest.current.onSelect(node ? { node } : edge ? { edge } : undefined);
  };
  const cancel = (event: PointerEvent) => {
    pointers.delete(event.pointerId);
    hold = undefined;
  };
  const open = (event: MouseEvent) => {
    const node = hit(event, "node");
    if (node) latest.current.onOpen(node);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    move(zoomAt(view.current, at(event), Math.exp(-event.deltaY * lines / 500)));
  };
  const key = (event: KeyboardEvent) => {
    const { selected, points, onSelect, onOpen } = latest.current;
    const arrow = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow) {
      const from = selected === undefined ? undefined : points.get(selected);
      const next = from && nextTo(points, from, arrow);
      if (next) {
        onSelect({ node: next });
        frame = requestAnimationFrame(() => handle.centre(next));
      } else {
        const { x, y, k } = view.current;
        move({ x: x - arrow[0] * PAN_STEP, y: y - arrow[1] * PAN_STEP, k });
      }
    } else if (event.key === "+" || event.key === "=") handle.zoom(1.25);
    else if (event.key === "-") handle.zoom(0.8);
    else if (event.key === "0") handle.fit();
    else if (event.key === "Escape") onSelect(undefined);
    else if (event.key === "Enter" && selected !== undefined) onOpen(selected);
    else return;
    event.preventDefault();
  };

  element.addEventListener("pointerdown", down);
  element.addEventListener("pointermove", drag);
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", cancel);
  element.addEventListener("dblclick", open);
  element.addEventListener("wheel", wheel, { passive: false });
  element.addEventListener("keydown", key);
  return () => {
    cancelAnimationFrame(frame);
    element.removeEventListener("pointerdown", down);
    element.removeEventListener("pointermove", drag);
    element.removeEventListener("pointerup", up);
    element.removeEventListener("pointercancel", cancel);
    element.removeEventListener("dblclick", open);
    element.removeEventListener("wheel", wheel);
    element.removeEventListener("keydown", key);
  };
}
