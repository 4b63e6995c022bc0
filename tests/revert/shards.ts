import type { PushTier } from "@/core/contract/pushes.ts";
import { CHANGES, LARGE } from "./changes.ts";
import { type Machine, runCell } from "./run_cell.ts";
import { COLUMNS } from "./troubles.ts";

export const MACHINES: readonly (Machine & { readonly tiers: readonly PushTier[] })[] = [
  { board: "hex", version: "6.49.13", tiers: ["script", "backup"] },
  { board: "hap-ac2", version: "7.16.2", tiers: ["script", "backup"] },
  { board: "hex", version: "7.18.2", tiers: ["safe_mode", "script", "backup"] },
  // Its jobs with the default start never run.
  { board: "hex", version: "7.24.2", tiers: ["safe_mode", "script", "backup"] },
  // Keeps writes to its flash back for 40 s.
  { board: "rb4011", version: "7.16.2", tiers: ["backup"] },
  // Its device-mode forbids jobs: nothing but safe mode.
  { board: "hap-ax3", version: "7.24.2", tiers: ["safe_mode"] },
];

export const ROWS: readonly { machine: Machine; tier: PushTier; change: string }[] = MACHINES
  .flatMap(({ tiers, ...machine }) =>
    tiers.flatMap((tier) =>
      [...CHANGES, LARGE].map(({ name }) => ({ machine, tier, change: name }))
    )
  );

export interface CellResult {
  readonly row: number;
  readonly column: string;
  readonly end: string;
  readonly wasUnknown: boolean;
  /** `null`: as it should be. */
  readonly wrong: string | null;
  readonly armed: string | null;
  readonly label: string;
  readonly locksOut: boolean;
  /** From the change until the engine knew that it was locked out, and until the router was back. */
  readonly seenMs: number | null;
  readonly backMs: number | null;
}

/** All cells of a row. `nth` picks a part of a column's cells: every nth, from `from`. */
export async function* runRow(
  row: number,
  { columns, nth = 1, from = 0 }: { columns?: readonly string[]; nth?: number; from?: number } = {},
): AsyncGenerator<CellResult> {
  const { machine, tier, change: name } = ROWS[row]!;
  const change = [...CHANGES, LARGE].find((one) => one.name === name)!;
  let count = row + from;
  for (const column of COLUMNS) {
    if (columns && !columns.includes(column.name)) continue;
    for (const [at, make] of column.make.entries()) {
      if (count++ % nth !== 0) continue;
      const label =
        `${machine.board} ${machine.version} / ${tier} / ${name} / ${column.name} ${at}`;
      const base = { row, column: column.name, label, locksOut: change.locksOut ?? false };
      try {
        const out = await runCell({ machine, tier, change, trouble: make(), seed: 1 + at });
        const { end, wasUnknown, wrong, armed, seenMs, backMs } = out;
        yield { ...base, end, wasUnknown, wrong, armed, seenMs, backMs };
      } catch (error) {
        const wrong = `threw ${error instanceof Error ? error.stack : error}`;
        yield {
          ...base,
          ...{ end: "threw", wasUnknown: false, wrong, armed: null, seenMs: null, backMs: null },
        };
      }
    }
  }
}
