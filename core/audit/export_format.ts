import { csvLine } from "@/core/csv.ts";
import { CHAIN_VERSION } from "./chain.ts";
import type { ChainPlace } from "./chain_walk.ts";

/** Columns of an export, in this order. Everything that verifying needs, and the values for people. */
export const EXPORT_COLUMNS = [
  ...["seq", "chain", "tenant_id", "entry_id", "at", "actor", "actor_name", "action"] as const,
  ...["target_kind", "target_id", "target_label", "outcome", "ip", "request_id"] as const,
  ...["details", "label_salt", "label_sha256", "ip_salt", "ip_sha256"] as const,
  ...["details_salt", "details_sha256", "prev_hash", "hash"] as const,
];
export type ExportRow = Record<typeof EXPORT_COLUMNS[number], string | null>;

export const EXPORT_KIND = "tod-audit-export";
export const EXPORT_FORMAT = 1;
/** First cell of the two records of a CSV that are no rows; the second is the JSON. */
export const CSV_HEADER = "#header";
export const CSV_END = "#end";

/** What an export says of itself, before its rows. */
export interface ExportHeader {
  kind: typeof EXPORT_KIND;
  format: number;
  chain: number;
  tenant_id: string;
  tenant: string;
  exported_at: string;
  exported_by: string;
  /** `null`: the whole chain. */
  filter: Record<string, string> | null;
  /** Where the chain ended when the export began. */
  head: ChainPlace;
}

/** Last line: how many rows there were. An export without it was cut off. */
export interface ExportEnd extends Omit<ExportHeader, "kind"> {
  kind: "end";
  rows: number;
}

export interface ExportWriter {
  begin(header: ExportHeader): string;
  row(row: ExportRow): string;
  end(end: ExportEnd): string;
}

export const EXPORT_WRITERS: Record<"csv" | "jsonl", ExportWriter> = {
  csv: {
    begin: (header) => csvLine(EXPORT_COLUMNS) + csvLine([CSV_HEADER, JSON.stringify(header)]),
    row: (row) => csvLine(EXPORT_COLUMNS.map((name) => row[name])),
    end: (end) => csvLine([CSV_END, JSON.stringify(end)]),
  },
  jsonl: {
    begin: (header) => `${JSON.stringify(header)}\n`,
    row: (row) => `${JSON.stringify(row)}\n`,
    end: (end) => `${JSON.stringify(end)}\n`,
  },
};

export function exportHeader(
  about: Pick<
    ExportHeader,
    "tenant_id" | "tenant" | "exported_at" | "exported_by" | "filter" | "head"
  >,
): ExportHeader {
  return { kind: EXPORT_KIND, format: EXPORT_FORMAT, chain: CHAIN_VERSION, ...about };
}
