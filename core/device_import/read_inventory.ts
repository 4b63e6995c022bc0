import { csvRecords, withoutMark } from "@/core/csv.ts";
import { giveWay } from "@/core/give_way.ts";
import { InvalidInput, messageOf } from "@/core/errors.ts";
import { MAX_IMPORT_ROWS } from "@/core/contract/device_import.ts";
import { type ImportField, mapColumns } from "./columns.ts";

export interface InventoryRow {
  /** In the file, from 1; a cell with line breaks counts as one. */
  line: number;
  fields: Partial<Record<ImportField, string>>;
}

export interface Inventory {
  format: "table" | "oxidized";
  columns: { name: string; field: ImportField | null }[];
  rows: InventoryRow[];
}

/** Characters read before others have a turn. */
const SLICE = 65_536;

/** Models that Oxidized's `router.db` names; any of them tells such a file from a table. */
const OXIDIZED = /^[^:,;\t\s]+:(routeros|mikrotik|ios|junos|[a-z]{2,12}os)(:|$)/i;
const OXIDIZED_COLUMNS = ["address", "os", "username", "password"] as const;

/**
 * Reads what somebody pasted or another tool exported.
 *
 * @throws {InvalidInput} if it is no table, has no column with addresses, or too many rows
 */
export async function readInventory(text: string): Promise<Inventory> {
  const clean = text.replace(/^\uFEFF/, "");
  const first = clean.split(/\r?\n/).find((line) => line.trim() !== "" && !line.startsWith("#"));
  if (first === undefined) throw refuse("it is empty");
  const isOxidized = OXIDIZED.test(first.trim());
  const delimiter = isOxidized ? ":" : delimiterOf(first);
  const records: { line: number; cells: string[] }[] = [];
  try {
    let line = 0;
    for await (const cells of csvRecords(slicesOf(clean), { delimiter, keepMarks: true })) {
      line += 1;
      if (cells.every((cell) => cell.trim() === "") || cells[0]!.startsWith("#")) continue;
      records.push({ line, cells });
    }
  } catch (error) {
    throw refuse(messageOf(error));
  }
  const head = isOxidized ? undefined : records.shift()!;
  const fields = head
    ? mapColumns(head.cells)
    : records[0]!.cells.map((_, at) => OXIDIZED_COLUMNS[at] ?? null);
  if (!fields.includes("address")) {
    throw refuse(
      `no column has addresses: name one "address". It has ${head!.cells.slice(0, 20).join(", ")}`,
    );
  }
  if (records.length > MAX_IMPORT_ROWS) {
    throw refuse(
      `it has ${records.length} rows, and ${MAX_IMPORT_ROWS} is the limit of one import`,
    );
  }
  return {
    format: isOxidized ? "oxidized" : "table",
    columns: fields.map((field, at) => ({ name: head?.cells[at] ?? field ?? `${at + 1}`, field })),
    rows: records.map(({ line, cells }) => ({ line, fields: pick(fields, cells) })),
  };
}

function pick(fields: readonly (ImportField | null)[], cells: readonly string[]) {
  const picked: InventoryRow["fields"] = {};
  fields.forEach((field, at) => {
    // Spaces and apostrophes may belong to a password; before a sign an apostrophe is an export's mark.
    const cell = cells[at] ?? "";
    const text = field === "password" ? cell : unmarked(cell.trim());
    if (field !== null && text) picked[field] = text;
  });
  return picked;
}

function unmarked(text: string): string {
  return /^'[=+\-@']/.test(text) ? withoutMark(text) : text;
}

/** Eight megabytes in one go would hold up everybody else. */
async function* slicesOf(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += SLICE) {
    yield text.slice(at, at + SLICE);
    await giveWay();
  }
}

/** The sign that stands most often in the head. */
function delimiterOf(head: string): string {
  const count = (sign: string) => head.split(sign).length;
  return ["\t", ";", ","].reduce((best, sign) => count(sign) > count(best) ? sign : best, ",");
}

function refuse(why: string): InvalidInput {
  return new InvalidInput("Cannot read this inventory", [{ path: "text", message: why }]);
}
