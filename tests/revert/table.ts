import { COLUMNS } from "./troubles.ts";
import { type CellResult, ROWS } from "./shards.ts";

interface Tally {
  confirmed: number;
  reverted: number;
  failed: number;
  unknown: number;
  bad: number;
}

const TIERS = ["safe_mode", "script", "backup"] as const;
const AT_ONCE = 6;

/** Rows change × tier, columns troubles: `confirmed/reverted/failed`, `?n` of them by way of unknown. */
export function printTable(results: readonly CellResult[]): string {
  const tallies = new Map<string, Tally>();
  for (const result of results) {
    const { tier, change } = ROWS[result.row]!;
    const key = `${change}|${tier}|${result.column}`;
    const tally = tallies.get(key) ??
      { confirmed: 0, reverted: 0, failed: 0, unknown: 0, bad: 0 };
    tallies.set(key, tally);
    if (result.end === "confirmed" || result.end === "reverted" || result.end === "failed") {
      tally[result.end] += 1;
    }
    if (result.wasUnknown) tally.unknown += 1;
    if (result.wrong !== null || result.armed !== null) tally.bad += 1;
  }
  const changes = [...new Set(ROWS.map(({ change }) => change))];
  const names = COLUMNS.map(({ name }) => name)
    .filter((name) => results.some(({ column }) => column === name));
  let text = "";
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const part = names.slice(at, at + AT_ONCE);
    const width = (name: string) => Math.max(name.length, 14);
    text += `\n${"change".padEnd(28)} ${"tier".padEnd(9)} ${
      part.map((name) => name.padEnd(width(name))).join("  ")
    }\n`;
    for (const change of changes) {
      for (const tier of TIERS) {
        const line = part.map((name) => {
          const tally = tallies.get(`${change}|${tier}|${name}`);
          return (tally ? printTally(tally) : "").padEnd(width(name));
        });
        text += `${change.padEnd(28)} ${tier.padEnd(9)} ${line.join("  ").trimEnd()}\n`;
      }
    }
  }
  return text;
}

function printTally({ confirmed, reverted, failed, unknown, bad }: Tally): string {
  return `${confirmed}/${reverted}/${failed}${unknown ? ` ?${unknown}` : ""}${
    bad ? ` !${bad}` : ""
  }`;
}
