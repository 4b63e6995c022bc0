import { useSignal } from "@preact/signals";
import type { ImportReport, ImportRow } from "@/core/contract/device_import.ts";
import { saveFile } from "../../auth/save_file.ts";

const WORDS: Record<ImportRow["result"], string> = {
  add: "New",
  added: "Added",
  present: "Managed already",
  bad: "Cannot be added",
};
/** A page of thousands of rows helps nobody. */
const SHOWN = 200;

/** What came, or would come, of each row. */
export function Report({ report }: { report: ImportReport }) {
  const { counts, rows, columns, dryRun } = report;
  const shown = useSignal<ImportRow["result"]>(
    counts.bad > 0 ? "bad" : dryRun ? "add" : "added",
  );
  const kinds = (Object.keys(WORDS) as ImportRow["result"][]).filter((kind) => counts[kind] > 0);
  const some = rows.filter(({ result }) => result === shown.value);
  const unused = columns.filter(({ field }) => field === null).map(({ name }) => name);
  return (
    <section class="panel p-4" aria-labelledby="report" data-testid="import-report">
      <h2 id="report" class="mb-2 font-semibold">{dryRun ? "What would happen" : "Result"}</h2>
      {report.format === "oxidized" && <p class="mb-2 text-text-2">Read as an Oxidized list.</p>}
      {unused.length > 0 && (
        <p class="break mb-2 text-text-2">Columns not used: {unused.join(", ")}</p>
      )}
      <div class="mb-3 flex flex-wrap gap-2" role="group" aria-label="Rows shown">
        {kinds.map((kind) => (
          <button
            key={kind}
            type="button"
            class="btn"
            aria-pressed={shown.value === kind}
            onClick={() => shown.value = kind}
          >
            {WORDS[kind]}: {counts[kind].toLocaleString("en-US")}
          </button>
        ))}
        {counts.bad > 0 && (
          <button type="button" class="btn" onClick={() => saveReasons(rows)}>
            Save the reasons
          </button>
        )}
      </div>
      <div class="table-scroll max-h-96 overflow-auto" role="region" tabIndex={0} aria-label="Rows">
        <table class="table">
          <thead>
            <tr>
              <th scope="col" class="num">Line</th>
              <th scope="col">Address</th>
              <th scope="col">Name</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {some.slice(0, SHOWN).map(({ line, address, name, reason }) => (
              <tr key={line}>
                <td class="num">{line}</td>
                <td class="break">{address || "none"}</td>
                <td class="break">{name && <bdi>{name}</bdi>}</td>
                <td class="break">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {some.length > SHOWN && (
        <p class="mt-2 text-sm text-text-3">
          The first {SHOWN} of {some.length.toLocaleString("en-US")}.
        </p>
      )}
    </section>
  );
}

function saveReasons(rows: readonly ImportRow[]): void {
  const lines = rows.filter(({ result }) => result === "bad")
    .map(({ line, address, reason }) => `${line}\t${address}\t${reason}`);
  saveFile("import-reasons.txt", "text/plain", `${lines.join("\n")}\n`);
}
