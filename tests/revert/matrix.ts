/**
 * `deno task test:revert [column …]`: pushes on simulated routers, every tier × change × trouble, judged by
 * what the router holds in the end. Fails where one cell is told wrongly or leaves something armed.
 */
import { availableParallelism } from "node:os";
import { measureLockOuts } from "./real_clock.ts";
import { type CellResult, ROWS } from "./shards.ts";
import { printTable } from "./table.ts";

const columns = Deno.args.length > 0 ? Deno.args : undefined;
const startedMs = performance.now();
const results: CellResult[] = [];
const rows = [...ROWS.keys()];

async function work(): Promise<void> {
  const worker = new Worker(new URL("./matrix_worker.ts", import.meta.url), { type: "module" });
  for (let row = rows.shift(); row !== undefined; row = rows.shift()) {
    await new Promise<void>((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }: MessageEvent<CellResult | null>) => {
        if (data === null) return resolve();
        results.push(data);
      };
      worker.postMessage({ row, ...(columns && { columns }) });
    });
  }
  worker.terminate();
}

await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
const bad = results.filter(({ wrong, armed }) => wrong !== null || armed !== null);
console.log(
  "confirmed/reverted/failed, ?n: of them by way of unknown, !n: told wrongly or left armed",
);
console.log(printTable(results));
for (const { label, end, wrong, armed } of bad.slice(0, 50)) {
  console.log(`${label}: ${end}${wrong ? `; ${wrong}` : ""}${armed ? `; left: ${armed}` : ""}`);
}
const count = (isSo: (result: CellResult) => boolean) => results.filter(isSo).length;
const most = (ms: readonly (number | null)[]) =>
  (Math.max(0, ...ms.flatMap((one) => one ?? [])) / 1_000).toFixed(1);
const plain = results.filter(({ column, locksOut }) => column === "none" && locksOut);
for (const tier of ["safe_mode", "script", "backup"]) {
  const its = plain.filter(({ row }) =>
    ROWS[row]!.tier === tier && ROWS[row]!.machine.board !== "hap-ax3"
  );
  console.log(
    `lock-out, ${tier}, simulated clock: seen after ${
      most(its.map((one) => one.seenMs))
    } s at most, ` +
      `router back after ${most(its.map((one) => one.backMs))} s at most (${its.length} cells)`,
  );
}
console.log(
  `${results.length} cells in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s: ` +
    `${count(({ end }) => end === "confirmed")} confirmed, ${
      count(({ end }) => end === "reverted")
    } reverted, ${count(({ end }) => end === "failed")} refused before a change, ` +
    `${count(({ wasUnknown }) => wasUnknown)} by way of unknown; ` +
    `${count(({ wrong }) => wrong !== null)} wrong, ${
      count(({ armed }) => armed !== null)
    } left armed`,
);

const measured = columns ? [] : await measureLockOuts();
const late = measured.filter(({ end, seenMs, backMs, isOld, boots }) =>
  end !== "reverted" || !isOld || boots > 0 || seenMs > 20_000 || backMs > 30_000
);
for (const { label, end, seenMs, backMs, boots, reason } of measured) {
  console.log(
    `lock-out, real clock and sockets, ${label}: ${end} (${reason}), seen after ${
      (seenMs / 1_000).toFixed(1)
    } s, router back after ${(backMs / 1_000).toFixed(1)} s, ${boots} restarts`,
  );
}
Deno.exit(late.length > 0 || bad.length > 0 || results.length === 0 ? 1 : 0);
