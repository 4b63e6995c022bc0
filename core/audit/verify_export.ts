import { commit } from "./chain.ts";
import { type ChainPlace, type ChainProblem, ChainWalk } from "./chain_walk.ts";
import type { ExportEnd, ExportHeader, ExportRow } from "./export_format.ts";
import { type ExportPart, NotAnExport } from "./read_export.ts";
import { isoToMicros, type StoredRow } from "./stored_row.ts";

export interface ExportReport {
  header: ExportHeader | undefined;
  rows: number;
  firstSeq: string | undefined;
  last: ChainPlace | undefined;
  /** Labels, addresses and details that are there and were compared with their hashes. */
  compared: number;
  /** Those whose hash stands and whose value was erased or could not be decrypted. */
  absent: number;
  /** Sequence of the row that carries the head that was given. */
  keptHeadSeq: string | undefined;
  /** The first thing that is wrong; nothing after it was looked at. `seq`: where, when known. */
  problem: { seq: string | undefined; reason: string } | undefined;
}

/**
 * Follows an export from its first row to its last. Needs nothing but the file.
 *
 * `keptHead`: the hash of a row that was noted elsewhere before; it must be in the export.
 */
export async function verifyExport(
  parts: AsyncIterable<ExportPart>,
  { keptHead }: { keptHead?: string | undefined } = {},
): Promise<ExportReport> {
  const report: ExportReport = {
    ...{ header: undefined, rows: 0, firstSeq: undefined, last: undefined },
    ...{ compared: 0, absent: 0, keptHeadSeq: undefined, problem: undefined },
  };
  let walk: ChainWalk | undefined;
  let end: ExportEnd | undefined;
  const broken = (reason: string, seq?: string): ExportReport => ({
    ...report,
    problem: { seq, reason },
  });
  const next = () => report.last ? `${BigInt(report.last.seq) + 1n}` : "1";
  try {
    for await (const part of parts) {
      if (end) return broken("something stands after the last line");
      if (part.kind === "header") {
        if (walk) return broken("a second first line stands in it");
        const { tenant_id, filter } = report.header = part.header;
        walk = new ChainWalk(tenant_id, undefined, filter !== null);
      } else if (!walk) {
        return broken("its first line, which says what it is, is missing");
      } else if (part.kind === "end") {
        end = part.end;
      } else {
        const problem = checkRow(walk, part.row, report);
        if (problem) return { ...report, problem };
        if (part.row.hash === keptHead) report.keptHeadSeq = part.row.seq!;
      }
    }
  } catch (error) {
    if (!(error instanceof NotAnExport)) throw error;
    return broken(error.message, next());
  }
  if (!end) return broken("the file ends without its last line: it was cut off", next());
  const problem = checkEnd(report, end, next());
  if (problem) return { ...report, problem };
  if (keptHead && !report.keptHeadSeq) {
    return broken(
      "no row has the hash that was kept elsewhere: the rows since were cut off, or the chain was " +
        "written anew",
    );
  }
  return report;
}

/** The row itself, its place, and each value that is there against its hash. */
function checkRow(
  walk: ChainWalk,
  row: ExportRow,
  report: ExportReport,
): ChainProblem | undefined {
  const seq = row.seq!;
  const atMicros = isoToMicros(row.at!);
  if (atMicros === undefined) return { seq, reason: "its time is in no form of ours" };
  const problem = walk.step(toStored(row, atMicros));
  if (problem) return problem;
  for (
    const [what, value, salt, sha256] of [
      ["label", row.target_label, row.label_salt, row.label_sha256],
      ["address", row.ip, row.ip_salt, row.ip_sha256],
      ["details", row.details, row.details_salt, row.details_sha256],
    ] as const
  ) {
    if (value === null) {
      if (sha256 !== null) report.absent += 1;
    } else if (salt === null || commit(Uint8Array.fromHex(salt), value) !== sha256) {
      return { seq, reason: `it was changed: its ${what} does not give the hash recorded` };
    } else report.compared += 1;
  }
  report.rows += 1;
  report.firstSeq ??= seq;
  report.last = walk.place;
  return undefined;
}

function checkEnd(
  { header, rows, last }: ExportReport,
  end: ExportEnd,
  next: string,
): ExportReport["problem"] {
  const { head, filter, tenant_id } = header!;
  const same = end.head.seq === head.seq && end.head.hash === head.hash &&
    end.tenant_id === tenant_id && JSON.stringify(end.filter) === JSON.stringify(filter);
  if (!same) return { seq: undefined, reason: "its first and its last line contradict each other" };
  if (filter === null && last?.seq !== head.seq && BigInt(head.seq) > 0n) {
    return { seq: next, reason: `rows ${next} to ${head.seq} are missing: its tail was cut off` };
  }
  if (end.rows !== rows) {
    return { seq: undefined, reason: `it has ${rows} rows and says it has ${end.rows}` };
  }
  if (last && last.seq === head.seq && last.hash !== head.hash) {
    return { seq: last.seq, reason: "it is not the row the first line names as the head" };
  }
  return undefined;
}

function toStored(row: ExportRow, atMicros: string): StoredRow {
  return {
    ...{ tenantId: row.tenant_id!, seq: row.seq!, entryId: row.entry_id!, atMicros },
    ...{ actor: row.actor!, action: row.action!, outcome: row.outcome! },
    ...{ targetKind: row.target_kind, targetId: row.target_id, requestId: row.request_id },
    ...{ labelSha256: row.label_sha256, ipSha256: row.ip_sha256 },
    ...{ detailsSha256: row.details_sha256, prevHash: row.prev_hash!, hash: row.hash! },
  };
}
