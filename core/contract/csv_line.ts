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
