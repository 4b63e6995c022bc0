import { EXPORT_FORMAT } from "@/core/audit/export_format.ts";
import { readExport } from "@/core/audit/read_export.ts";
import { type ExportReport, verifyExport } from "@/core/audit/verify_export.ts";
import { messageOf } from "@/core/errors.ts";

const USAGE = `Usage: tod audit verify <file> [--head=<hash>]

  <file>         an audit export, CSV or JSON Lines
  --head=<hash>  hash of a row that was noted elsewhere before: the export must contain it
`;

/**
 * `tod audit verify`: checks an export offline, without configuration or database. Exit code 0 when it
 * is whole, 1 when not, 64 when the command is wrong.
 */
export async function audit(args: string[]): Promise<number> {
  const [verb, ...rest] = args;
  const files = rest.filter((arg) => !arg.startsWith("--"));
  const flags = rest.filter((arg) => arg.startsWith("--"));
  const keptHead = flags[0]?.replace("--head=", "").toLowerCase();
  const isUsable = verb === "verify" && files.length === 1 && flags.length <= 1 &&
    (keptHead === undefined || /^[0-9a-f]{64}$/.test(keptHead));
  if (!isUsable) {
    console.error(USAGE);
    return 64;
  }
  const path = files[0]!;
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    console.error(`tod: Cannot read ${path}: ${messageOf(error)}`);
    return 1;
  }
  const text = file.readable.pipeThrough(new TextDecoderStream());
  const report = await verifyExport(readExport(text), { keptHead });
  for (const line of describe(path, report, keptHead)) console.log(line);
  return report.problem ? 1 : 0;
}

/** What was checked, what was found, and what such a file cannot prove. */
function* describe(
  path: string,
  report: ExportReport,
  keptHead: string | undefined,
): Generator<string> {
  const { header, rows, firstSeq, last, compared, absent, problem, keptHeadSeq } = report;
  if (header) {
    const { tenant, tenant_id, exported_at, exported_by, chain } = header;
    yield `file      ${path}: format ${EXPORT_FORMAT}, chain version ${chain}`;
    yield `chain of  ${printable(tenant)} (${tenant_id})`;
    yield `exported  ${printable(exported_at)} by ${printable(exported_by)}` +
      (header.filter ? `, filtered: ${printable(JSON.stringify(header.filter))}` : "");
  } else yield `file      ${path}`;
  const range = rows > 0 ? `, ${firstSeq} to ${last!.seq}` : "";
  yield `checked   ${rows} rows${range}: each row against its hash and the row before; ` +
    `${compared} labels, addresses and details against theirs`;
  if (absent > 0) yield `erased    ${absent} values are not in it; their hashes stand`;
  if (problem) {
    yield `BROKEN    ${problem.seq ? `at row ${problem.seq}: ` : ""}${printable(problem.reason)}`;
    return;
  }
  if (keptHeadSeq) {
    yield `kept head is row ${keptHeadSeq}: all rows up to it are the ones recorded then`;
  }
  yield last ? `whole     the last row is ${last.seq}, hash ${last.hash}` : "whole     no rows";
  if (header!.filter) {
    yield "not shown: a filtered export cannot tell whether rows between its rows were left out";
  }
  if (!keptHead) {
    yield "not shown: who can write the file anew can cut off its end or compute all hashes anew. " +
      "Keep a row's hash elsewhere and give it as --head=<hash> to rule that out up to that row.";
  }
}

/** A file may hold anything: nothing of it moves the terminal's cursor. */
function printable(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, "?").slice(0, 500);
}
