import { csvLine } from "./csv.ts";

interface Page<Item> {
  items: readonly Item[];
  nextCursor: string | null;
}

/** A list as CSV, a page a piece: nothing holds all of it at a time. */
export async function* csvPages<Item>(
  columns: readonly string[],
  readPage: (cursor: string | undefined) => Promise<Page<Item>>,
  cellsOf: (item: Item) => (string | number | null)[],
): AsyncGenerator<string> {
  yield csvLine(columns);
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await readPage(cursor);
    yield items.map((item) => csvLine(cellsOf(item))).join("");
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}
