import { equal, ok } from "node:assert/strict";
import { layOut, type LayoutInput, NODE_HEIGHT, NODE_WIDTH } from "./layout.ts";

/** Pairs of nodes that lie on each other. */
function overlaps(input: LayoutInput): number {
  const points = [...layOut(input).values()];
  equal(points.length, input.nodes.length, "each node has its place");
  let found = 0;
  for (const [index, a] of points.entries()) {
    for (const b of points.slice(index + 1)) {
      if (Math.abs(a.x - b.x) < NODE_WIDTH && Math.abs(a.y - b.y) < NODE_HEIGHT) found += 1;
    }
  }
  return found;
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`);

const CASES: [name: string, LayoutInput][] = [
  ["nothing", { nodes: [], edges: [] }],
  ["one", { nodes: ["a"], edges: [] }],
  ["many that nobody is linked to", { nodes: names(500), edges: [] }],
  ["a ring", {
    nodes: names(12),
    edges: names(12).map((name, index) => [name, `n${(index + 1) % 12}`]),
  }],
  ["a radio with 200 stations", {
    nodes: names(201),
    edges: names(201).slice(1).map((name) => ["n0", name]),
  }],
  ["a tree", {
    nodes: names(200),
    edges: names(200).slice(1).map((name, index) => [name, `n${index >> 2}`]),
  }],
  ["a chain", {
    nodes: names(300),
    edges: names(299).map((name, index) => [name, `n${index + 1}`]),
  }],
  ["a broad tree with rungs between its branches", {
    nodes: names(400),
    edges: [
      ...names(400).slice(1).map((name, index) => [name, `n${index >> 2}`] as const),
      ...names(400).slice(200, 240).map((name, index) => [name, `n${index + 300}`] as const),
    ],
  }],
  ["two parts, a loop, an edge to nowhere and a node with itself", {
    nodes: ["a", "b", "c", "d", "e"],
    edges: [["a", "b"], ["b", "c"], ["c", "a"], ["d", "e"], ["d", "gone"], ["e", "e"]],
  }],
];

for (const [name, input] of CASES) {
  Deno.test(`layout: ${name}, no node on another`, () => equal(overlaps(input), 0));
}

for (const [name, input] of CASES.filter(([, { nodes }]) => nodes.length >= 200)) {
  Deno.test(`layout: ${name}, of a shape that fits a screen`, () => {
    const points = [...layOut(input).values()];
    const span = (of: (point: { x: number; y: number }) => number) =>
      Math.max(...points.map(of)) - Math.min(...points.map(of)) + NODE_WIDTH;
    const aspect = span(({ x }) => x) / span(({ y }) => y);
    ok(aspect > 0.5 && aspect < 5, `${aspect}`);
  });
}

Deno.test("layout: a radio with 200 stations is no row of 200", () => {
  const points = layOut(CASES[4]![1]);
  const width = Math.max(...[...points.values()].map(({ x }) => x));
  ok(width < 20 * NODE_WIDTH, `${width} wide`);
});

Deno.test("layout: 1,000 routers within seconds", () => {
  const began = performance.now();
  const nodes = names(1_000);
  const edges = nodes.slice(1).map((name, index) => [name, `n${index >> 2}`] as const);
  equal(layOut({ nodes, edges }).size, 1_000);
  const took = performance.now() - began;
  console.log(`1,000 nodes, 999 links: ${took.toFixed(0)} ms`);
  ok(took < 15_000);
});
