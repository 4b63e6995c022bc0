import dagre from "@dagrejs/dagre";

export const NODE_WIDTH = 168;
export const NODE_HEIGHT = 46;
const GAP_X = 28;
const GAP_Y = 76;
/** Leaves of one node past this many stand in a block below it instead of one long row. */
const MAX_ROW = 5;
/** Past it the thorough ranking takes too long for what it gains. */
const THOROUGH_BELOW = 300;
const PACK_GAP = 90;
/** Wider than high, as screens are. */
const ASPECT = 1.7;
/** Broader than this in layers, and branches go side by side in rows instead. */
const TOO_BROAD = 2.2 * ASPECT;
/** Fewer nodes are left in their layers, however broad. */
const FEW = 24;

export interface LayoutInput {
  nodes: readonly string[];
  edges: readonly (readonly [a: string, b: string])[];
}
export type Point = { x: number; y: number };

/** Where each node's centre goes: layers from the middle of each connected part, parts side by side. */
export function layOut({ nodes, edges }: LayoutInput): Map<string, Point> {
  const around = neighboursOf(nodes, edges);
  const placed: Placed[] = [];
  const alone: string[] = [];
  for (const part of partsOf(around)) {
    if (part.length === 1) alone.push(part[0]!);
    else placed.push(layOutPart(part, around, middleOf(part, around)));
  }
  if (alone.length > 0) placed.push(grid(alone, Math.ceil(Math.sqrt(alone.length * 0.6))));
  return pack(placed, PACK_GAP).points;
}

type Around = Map<string, Set<string>>;
interface Placed {
  points: Map<string, Point>;
  width: number;
  height: number;
}

function neighboursOf(nodes: readonly string[], edges: LayoutInput["edges"]): Around {
  const around: Around = new Map(nodes.map((key) => [key, new Set()]));
  for (const [a, b] of edges) {
    if (a === b || !around.has(a) || !around.has(b)) continue;
    around.get(a)!.add(b);
    around.get(b)!.add(a);
  }
  return around;
}

function partsOf(around: Around): string[][] {
  const seen = new Set<string>();
  const parts: string[][] = [];
  for (const start of around.keys()) {
    if (seen.has(start)) continue;
    const part = [start];
    seen.add(start);
    for (const key of part) {
      for (const next of around.get(key)!) {
        if (seen.has(next)) continue;
        seen.add(next);
        part.push(next);
      }
    }
    parts.push(part);
  }
  return parts;
}

/** Steps from `root` to everybody. */
function depths(root: string, around: Around): Map<string, number> {
  const depth = new Map([[root, 0]]);
  for (const [key, steps] of depth) {
    for (const next of around.get(key)!) if (!depth.has(next)) depth.set(next, steps + 1);
  }
  return depth;
}

/** The middle of the longest way through the part: layers from there are fewest. */
function middleOf(part: readonly string[], around: Around): string {
  const [one] = [...depths(part[0]!, around)].at(-1)!;
  const from = depths(one, around);
  const [other, length] = [...from].at(-1)!;
  let key = other;
  for (let steps = length; steps > length / 2; steps -= 1) {
    key = [...around.get(key)!].find((next) => from.get(next) === steps - 1)!;
  }
  return key;
}

function layOutPart(part: readonly string[], around: Around, root: string): Placed {
  const depth = depths(root, around);
  const blocks = leafBlocks(part, around, depth);
  return part.length > FEW && breadth(depth, blocks) > TOO_BROAD
    ? inBranches(root, around)
    : folded(inLayers(part, around, depth, blocks));
}

/** Width against height, as layers would come out. */
function breadth(
  depth: ReadonlyMap<string, number>,
  blocks: ReadonlyMap<string, string[]>,
): number {
  const hidden = new Set([...blocks.values()].flat());
  const layers: number[] = [];
  for (const [key, steps] of depth) {
    if (!hidden.has(key)) layers[steps] = (layers[steps] ?? 0) + 1;
  }
  return Math.max(...layers) * (NODE_WIDTH + GAP_X) / (layers.length * (NODE_HEIGHT + GAP_Y));
}

/** What hangs on each neighbour of the root is laid out by itself; the results stand in rows below. */
function inBranches(root: string, around: Around): Placed {
  const branchOf = new Map([[root, root]]);
  const queue = [root];
  for (const key of queue) {
    for (const next of around.get(key)!) {
      if (branchOf.has(next)) continue;
      branchOf.set(next, key === root ? next : branchOf.get(key)!);
      queue.push(next);
    }
  }
  const branches = Map.groupBy(queue.slice(1), (key) => branchOf.get(key)!);
  const placed = [...branches].map(([head, keys]) => {
    const own = new Map(keys.map((key) => [
      key,
      new Set([...around.get(key)!].filter((next) => branchOf.get(next) === head)),
    ]));
    return keys.length === 1 ? grid(keys, 1) : layOutPart(keys, own, head);
  });
  const { points, width } = pack(placed, 2 * GAP_X);
  for (const [key, { x, y }] of points) points.set(key, { x, y: y + NODE_HEIGHT + GAP_Y });
  return boxed(points.set(root, { x: width / 2, y: NODE_HEIGHT / 2 }));
}

/** Too high for a screen: cut into bands of layers that stand side by side. */
function folded(placed: Placed): Placed {
  const { points, width, height } = placed;
  const bands = Math.round(Math.sqrt(height * ASPECT / width));
  if (bands < 2) return placed;
  const layer = NODE_HEIGHT + GAP_Y;
  const band = Math.ceil(height / bands / layer) * layer;
  for (const [key, { x, y }] of points) {
    const index = Math.floor(y / band);
    points.set(key, { x: x + index * (width + 2 * GAP_X), y: y - index * band });
  }
  return boxed(points);
}

function inLayers(
  part: readonly string[],
  around: Around,
  depth: ReadonlyMap<string, number>,
  blocks: ReadonlyMap<string, string[]>,
): Placed {
  const inBlock = new Map([...blocks].flatMap(([at, leaves]) => leaves.map((leaf) => [leaf, at])));
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: "TB",
    nodesep: GAP_X,
    ranksep: GAP_Y,
    ranker: part.length - inBlock.size < THOROUGH_BELOW ? "network-simplex" : "tight-tree",
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const key of part) {
    if (!inBlock.has(key)) graph.setNode(key, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  const grids = new Map<string, Placed>();
  for (const [at, leaves] of blocks) {
    const block = grid(leaves, Math.max(3, Math.ceil(Math.sqrt(leaves.length * 0.6))));
    grids.set(at, block);
    graph.setNode(`block ${at}`, { width: block.width, height: block.height });
    graph.setEdge(at, `block ${at}`);
  }
  for (const key of part) {
    for (const next of around.get(key)!) {
      if (inBlock.has(key) || inBlock.has(next)) continue;
      const [here, there] = [depth.get(key)!, depth.get(next)!];
      if (here < there || (here === there && key < next)) graph.setEdge(key, next);
    }
  }
  dagre.layout(graph);
  const points = new Map<string, Point>();
  for (const key of graph.nodes()) {
    const { x, y, width, height } = graph.node(key) as Point & { width: number; height: number };
    if (!key.startsWith("block ")) points.set(key, { x, y });
    else {
      for (const [leaf, point] of grids.get(key.slice(6))!.points) {
        points.set(leaf, { x: x - width / 2 + point.x, y: y - height / 2 + point.y });
      }
    }
  }
  return boxed(points);
}

/** Nodes with many leaves, and these leaves. */
function leafBlocks(
  part: readonly string[],
  around: Around,
  depth: ReadonlyMap<string, number>,
): Map<string, string[]> {
  const blocks = new Map<string, string[]>();
  for (const key of part) {
    const leaves = [...around.get(key)!].filter((next) =>
      around.get(next)!.size === 1 && depth.get(next)! > depth.get(key)!
    );
    if (leaves.length > MAX_ROW) blocks.set(key, leaves);
  }
  return blocks;
}

function grid(keys: readonly string[], columns: number): Placed {
  const points = new Map(keys.map((key, index) => [key, {
    x: NODE_WIDTH / 2 + (index % columns) * (NODE_WIDTH + GAP_X),
    y: NODE_HEIGHT / 2 + Math.floor(index / columns) * (NODE_HEIGHT + 22),
  }]));
  return boxed(points);
}

/** Moved so that the box around all nodes begins at 0, 0. */
function boxed(points: Map<string, Point>): Placed {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points.values()) {
    left = Math.min(left, x - NODE_WIDTH / 2);
    right = Math.max(right, x + NODE_WIDTH / 2);
    top = Math.min(top, y - NODE_HEIGHT / 2);
    bottom = Math.max(bottom, y + NODE_HEIGHT / 2);
  }
  for (const [key, { x, y }] of points) points.set(key, { x: x - left, y: y - top });
  return { points, width: right - left, height: bottom - top };
}

/** Parts in rows, the highest first; as broad as shows them largest on a screen. */
function pack(parts: readonly Placed[], gap: number): Placed {
  const area = parts.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const widest = Math.max(0, ...parts.map(({ width }) => width));
  const inOrder = parts.toSorted((a, b) => b.height - a.height);
  const tries = [0.8, 1, 1.3, 1.7, 2.2, 3].map((share) =>
    inRows(inOrder, Math.max(widest, share * Math.sqrt(area * ASPECT)), gap)
  );
  const size = ({ width, height }: Placed) => Math.max(width / ASPECT, height);
  return tries.reduce((best, one) => size(one) < size(best) ? one : best);
}

function inRows(parts: readonly Placed[], limit: number, gap: number): Placed {
  const all = new Map<string, Point>();
  let [x, y, rowHeight, right] = [0, 0, 0, 0];
  for (const { points, width, height } of parts) {
    if (x > 0 && x + width > limit) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    for (const [key, point] of points) all.set(key, { x: x + point.x, y: y + point.y });
    right = Math.max(right, x + width);
    x += width + gap;
    rowHeight = Math.max(rowHeight, height);
  }
  return { points: all, width: right, height: y + rowHeight };
}
