/** An item of the one list and the item of the other that it became. */
export interface Pair {
  readonly from: number;
  readonly to: number;
  /** Its place among those that stayed is another one. */
  readonly isMoved: boolean;
}

export interface Pairing {
  readonly pairs: readonly Pair[];
  readonly removed: readonly number[];
  readonly added: readonly number[];
}

/** Less in common than this: one item went and another came. */
const ALIKE = 0.5;
/** Cells of the table that finds the longest common run; past it, runs are found from both ends alone. */
const MAX_CELLS = 4_000_000;
/** Pairs that are compared for likeness; past it what differs went and came. */
const MAX_COMPARED = 250_000;

/**
 * Pairs two lists whose order means something: what is equal and in order first, then what is equal and
 * stands elsewhere (moved), then what is alike, the most alike first.
 */
export function pairInOrder<T>(
  before: readonly T[],
  after: readonly T[],
  textOf: (item: T) => string,
  likeness: (a: T, b: T) => number,
): Pairing {
  const [old, now] = [before.map(textOf), after.map(textOf)];
  const pairs: Pair[] = commonRun(old, now).map(([from, to]) => ({ from, to, isMoved: false }));
  const restFrom = new Set(old.keys());
  const restTo = new Set(now.keys());
  const take = (pair: Pair) => {
    restFrom.delete(pair.from);
    restTo.delete(pair.to);
  };
  pairs.forEach(take);
  const stayed = pairs.slice();
  const add = (from: number, to: number) => {
    const pair = { from, to, isMoved: crosses(stayed, from, to) };
    pairs.push(pair);
    take(pair);
  };

  const byText = Map.groupBy(restFrom, (at) => old[at]!);
  for (const to of [...restTo]) {
    const from = byText.get(now[to]!)?.shift();
    if (from !== undefined) add(from, to);
  }
  const isComparable = restFrom.size * restTo.size <= MAX_COMPARED;
  const alike = !isComparable
    ? []
    : [...restFrom].flatMap((from) =>
      [...restTo].map((to) => ({ from, to, score: likeness(before[from]!, after[to]!) }))
    ).filter(({ score }) => score >= ALIKE)
      .sort((a, b) =>
        b.score - a.score || Math.abs(a.from - a.to) - Math.abs(b.from - b.to) || a.from - b.from
      );
  for (const { from, to } of alike) {
    if (restFrom.has(from) && restTo.has(to)) add(from, to);
  }
  return { pairs, removed: [...restFrom], added: [...restTo] };
}

/** Whether a pair stands on another side of one that stayed. */
function crosses(stayed: readonly Pair[], from: number, to: number): boolean {
  return stayed.some((pair) => (pair.from < from) !== (pair.to < to));
}

/** Longest common subsequence, as pairs of places in rising order. */
function commonRun(a: readonly string[], b: readonly string[]): [number, number][] {
  const head: [number, number][] = [];
  const tail: [number, number][] = [];
  let [start, endA, endB] = [0, a.length, b.length];
  while (start < endA && start < endB && a[start] === b[start]) head.push([start, start++]);
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) tail.push([--endA, --endB]);
  const [rows, columns] = [endA - start, endB - start];
  if (rows === 0 || columns === 0 || rows * columns > MAX_CELLS) {
    return [...head, ...tail.reverse()];
  }
  const width = columns + 1;
  const length = new Uint32Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      length[row * width + column] = a[start + row] === b[start + column]
        ? length[(row + 1) * width + column + 1]! + 1
        : Math.max(length[(row + 1) * width + column]!, length[row * width + column + 1]!);
    }
  }
  const middle: [number, number][] = [];
  for (let row = 0, column = 0; row < rows && column < columns;) {
    if (a[start + row] === b[start + column]) {
      middle.push([start + row++, start + column++]);
    } else if (length[(row + 1) * width + column]! >= length[row * width + column + 1]!) row += 1;
    else column += 1;
  }
  return [...head, ...middle, ...tail.reverse()];
}
