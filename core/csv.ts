/**
 * What a spreadsheet would take for a formula (or already starts like our mark), so it gets a leading
 * apostrophe. Readers strip one apostrophe, whatever follows: nothing is ambiguous.
 */
const NEEDS_MARK = /^[=+\-@\t\r\n'＝＋－＠]/;

/** One record of RFC 4180 with its line end. `null` is an empty cell. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text = typeof value === "string" && NEEDS_MARK.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Longest record that is read: a file that is no CSV must not fill the memory. */
const MAX_RECORD = 4_194_304;

/** Takes off the mark that {@linkcode csvLine} puts before what looks like a formula. */
export function withoutMark(cell: string): string {
  return cell.startsWith("'") ? cell.slice(1) : cell;
}

/**
 * Records of a file that {@linkcode csvLine} wrote, marks stripped.
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
