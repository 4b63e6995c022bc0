export { csvLine } from "./contract/csv_line.ts";

/** Longest record that is read: a file that is no CSV must not fill the memory. */
const MAX_RECORD = 4_194_304;

/** Takes off the mark that `csvLine` puts before what looks like a formula. */
export function withoutMark(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

/**
 * Records of a file that `csvLine` wrote, marks stripped.
 *
 * @throws {Error} on a quote that is never closed, or a record past 4 MiB
 */
export async function* csvRecords(
  chunks: AsyncIterable<string> | Iterable<string>,
  /** `keepMarks`: the file is somebody else's, and an apostrophe may be just that. */
  { delimiter = ",", keepMarks = false }: { delimiter?: string; keepMarks?: boolean } = {},
): AsyncGenerator<string[]> {
  let record: string[] = [];
  let text = "";
  let size = 0;
  let isQuoted = false;
  let wasQuote = false;
  const endCell = () => {
    record.push(keepMarks ? text : withoutMark(text));
    text = "";
  };
  for await (const chunk of chunks) {
    for (const char of chunk) {
      size += 1;
      if (size > MAX_RECORD) throw new Error("Cannot read this CSV: a record is too long");
      if (isQuoted) {
        if (wasQuote) {
          wasQuote = false;
          if (char === '"') {
            text += '"';
            continue;
          }
          isQuoted = false; // the quote before ended the cell; this character is read below
        } else if (char === '"') {
          wasQuote = true;
          continue;
        } else {
          text += char;
          continue;
        }
      }
      if (char === '"' && text === "") isQuoted = true;
      else if (char === delimiter) endCell();
      else if (char === "\n") {
        text = text.replace(/\r$/, "");
        endCell();
        yield record;
        [record, size] = [[], 0];
      } else text += char;
    }
  }
  if (isQuoted && !wasQuote) throw new Error("Cannot read this CSV: a quote is never closed");
  if (text !== "" || record.length > 0) {
    text = text.replace(/\r$/, "");
    endCell();
    yield record;
  }
}
