import { csvRecords } from "@/core/csv.ts";
import { messageOf } from "@/core/errors.ts";
import {
  CSV_END,
  CSV_HEADER,
  EXPORT_COLUMNS,
  EXPORT_FORMAT,
  EXPORT_KIND,
  type ExportEnd,
  type ExportHeader,
  type ExportRow,
} from "./export_format.ts";
import { CHAIN_VERSION } from "./chain.ts";

export type ExportPart =
  | { kind: "header"; header: ExportHeader }
  | { kind: "row"; row: ExportRow }
  | { kind: "end"; end: ExportEnd };

/** The file is no export, or of a version this program does not know. */
export class NotAnExport extends Error {
  override name = "NotAnExport";
}

/**
 * The parts of an export, CSV or JSON Lines by its first character.
 *
 * @throws {NotAnExport} if a line is none of an export
 */
export async function* readExport(chunks: AsyncIterable<string>): AsyncGenerator<ExportPart> {
  const source = chunks[Symbol.asyncIterator]();
  let first = await source.next();
  while (!first.done && first.value === "") first = await source.next();
  const all = (async function* () {
    // A spreadsheet that saved the file may have put a byte order mark before it.
    if (!first.done) yield first.value.replace(/^\ufeff/, "");
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  })();
  const isJson = !first.done && /^\ufeff?\{/.test(first.value);
  yield* isJson ? readJsonLines(all) : readCsv(all);
}

async function* readJsonLines(chunks: AsyncIterable<string>): AsyncGenerator<ExportPart> {
  let number = 0;
  for await (const line of lines(chunks)) {
    number += 1;
    if (line.trim() === "") continue;
    let value: Record<string, unknown>;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new NotAnExport(`line ${number} is no JSON (cut off?): ${messageOf(error)}`);
    }
    if (value["kind"] === EXPORT_KIND) yield { kind: "header", header: headerOf(value) };
    else if (value["kind"] === "end") yield { kind: "end", end: endOf(value) };
    else yield { kind: "row", row: rowOf(value, number) };
  }
}

async function* lines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  if (rest !== "") yield rest;
}

async function* readCsv(chunks: AsyncIterable<string>): AsyncGenerator<ExportPart> {
  let number = 0;
  let names: string[] | undefined;
  for await (const record of csvRecords(chunks)) {
    number += 1;
    if (!names) {
      names = record;
      const missing = EXPORT_COLUMNS.filter((name) => !names!.includes(name));
      if (missing.length > 0) {
        throw new NotAnExport(`the columns ${missing.join(", ")} are missing`);
      }
      continue;
    }
    if (record.every((cell) => cell === "")) continue;
    if (record[0] === CSV_HEADER || record[0] === CSV_END) {
      let about: Record<string, unknown>;
      try {
        about = JSON.parse(record[1] ?? "");
      } catch (error) {
        throw new NotAnExport(`record ${number} cannot be read (cut off?): ${messageOf(error)}`);
      }
      yield record[0] === CSV_END
        ? { kind: "end", end: endOf(about) }
        : { kind: "header", header: headerOf(about) };
      continue;
    }
    if (record.length < names.length) throw new NotAnExport(`record ${number} is cut off`);
    const cells = Object.fromEntries(names.map((name, at) => [name, record[at] || null]));
    yield { kind: "row", row: rowOf(cells, number) };
  }
  if (!names) throw new NotAnExport("the file is empty");
}

function headerOf(value: Record<string, unknown>): ExportHeader {
  checkVersion(value);
  return value as unknown as ExportHeader;
}

function endOf(value: Record<string, unknown>): ExportEnd {
  checkVersion(value);
  if (typeof value["rows"] !== "number") throw new NotAnExport("the last line has no count");
  return value as unknown as ExportEnd;
}

function checkVersion({ format, chain, head, tenant_id }: Record<string, unknown>): void {
  if (format !== EXPORT_FORMAT || chain !== CHAIN_VERSION) {
    throw new NotAnExport(
      `it is of format ${format}, chain version ${chain}; this program reads format ` +
        `${EXPORT_FORMAT}, chain version ${CHAIN_VERSION}`,
    );
  }
  const place = head as { seq?: unknown; hash?: unknown } | null;
  if (!isSeq(place?.seq) || !isHash(place?.hash) || typeof tenant_id !== "string") {
    throw new NotAnExport("its first or last line does not say where the chain ended");
  }
}

const HASHES = ["label_sha256", "ip_sha256", "details_sha256", "prev_hash", "hash"] as const;
const SALTS = ["label_salt", "ip_salt", "details_salt"] as const;
const REQUIRED = [
  ...["seq", "tenant_id", "entry_id", "at", "actor", "action", "outcome"] as const,
  ...["prev_hash", "hash"] as const,
];

function rowOf(value: Record<string, unknown>, number: number): ExportRow {
  const refuse = (why: string) => new NotAnExport(`line ${number} is no row of an export: ${why}`);
  for (const name of EXPORT_COLUMNS) {
    const cell = value[name];
    if (cell !== null && typeof cell !== "string") throw refuse(`${name} is no text`);
  }
  const row = value as unknown as ExportRow;
  for (const name of REQUIRED) if (row[name] === null) throw refuse(`${name} is empty`);
  if (!isSeq(row.seq)) throw refuse("seq is no number");
  if (row.chain !== String(CHAIN_VERSION)) throw refuse(`chain version ${row.chain}`);
  for (const name of HASHES) {
    if (row[name] !== null && !isHash(row[name])) throw refuse(`${name} is no SHA-256`);
  }
  for (const name of SALTS) {
    if (row[name] !== null && !/^([0-9a-f]{2})+$/.test(row[name])) {
      throw refuse(`${name} is no salt`);
    }
  }
  return row;
}

const isSeq = (value: unknown) => typeof value === "string" && /^\d{1,19}$/.test(value);
const isHash = (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
