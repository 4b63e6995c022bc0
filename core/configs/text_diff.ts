import type { DiffLine } from "@/core/contract/configs.ts";

/** Unchanged lines shown around a change. */
const CONTEXT = 3;
/** Steps of the search for the shortest way; past it what lies between the ends is shown as replaced. */
const MAX_STEPS = 500;

/** Two texts line by line, with what did not change left out but for a few lines around. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let [start, endA, endB] = [0, a.length, b.length];
  while (start < endA && start < endB && a[start] === b[start]) start += 1;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  const same = (lines: readonly string[]): DiffLine[] =>
    lines.map((text) => ({ kind: "same", text }));
  return shorten([
    ...same(a.slice(0, start)),
    ...shortest(a.slice(start, endA), b.slice(start, endB)),
    ...same(a.slice(endA)),
  ]);
}

/** Myers' greedy search: the fewest lines that go and come. */
function shortest(a: readonly string[], b: readonly string[]): DiffLine[] {
  const most = Math.min(a.length + b.length, MAX_STEPS);
  const reached = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let step = 0; step <= most; step += 1) {
    trace.push(new Map(reached));
    for (let k = -step; k <= step; k += 2) {
      const isDown = k === -step ||
        (k !== step && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
      let x = isDown ? reached.get(k + 1)! : reached.get(k - 1)! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reached.set(k, x);
      if (x >= a.length && x - k >= b.length) return wayBack(trace, a, b);
    }
  }
  return [
    ...a.map((text): DiffLine => ({ kind: "removed", text })),
    ...b.map((text): DiffLine => ({ kind: "added", text })),
  ];
}

function wayBack(
  trace: readonly Map<number, number>[],
  a: readonly string[],
  b: readonly string[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let step = trace.length - 1; step >= 0; step -= 1) {
    const reached = trace[step]!;
    const k = x - y;
    const isDown = k === -step ||
      (k !== step && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));
    const before = isDown ? k + 1 : k - 1;
    const fromX = reached.get(before) ?? 0;
    const fromY = fromX - before;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      lines.push({ kind: "same", text: a[--x]! });
      y -= 1;
    }
    if (step === 0) break;
    if (isDown) lines.push({ kind: "added", text: b[--y]! });
    else lines.push({ kind: "removed", text: a[--x]! });
  }
  return lines.reverse();
}

function shorten(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = new Uint8Array(lines.length);
  for (const [at, { kind }] of lines.entries()) {
    if (kind !== "same") isNear.fill(1, Math.max(0, at - CONTEXT), at + CONTEXT + 1);
  }
  const shown: DiffLine[] = [];
  for (let at = 0; at < lines.length;) {
    if (isNear[at]) {
      shown.push(lines[at++]!);
      continue;
    }
    let skipped = 0;
    while (at < lines.length && !isNear[at]) {
      skipped += 1;
      at += 1;
    }
    shown.push({ kind: "skipped", text: `${skipped} ${skipped === 1 ? "line" : "lines"}` });
  }
  return shown;
}
