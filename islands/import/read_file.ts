/** Larger than any inventory that the server takes. */
const MAX_BYTES = 8_000_000;

/**
 * A file as the text of a table. Spreadsheets are read here in the browser: their first sheet.
 *
 * @throws {Error} with words for people
 */
export async function readFile(file: File): Promise<string> {
  if (file.size > MAX_BYTES) throw new Error(`${file.name} is larger than 8 MB: split it`);
  if (!/\.xlsx$/i.test(file.name)) return await file.text();
  const { readSheet } = await import("read-excel-file/universal");
  try {
    const rows = await readSheet(await file.arrayBuffer());
    return rows.map((cells) => cells.map(quoted).join(",")).join("\n");
  } catch (error) {
    throw new Error(`${file.name} cannot be read as a spreadsheet: save it as CSV`, {
      cause: error,
    });
  }
}

function quoted(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  const text = cell instanceof Date ? cell.toISOString() : String(cell);
  return `"${text.replaceAll('"', '""')}"`;
}
