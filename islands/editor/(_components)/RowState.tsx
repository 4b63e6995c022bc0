import type { PendingRow } from "@/core/contract/editor/pending_rows.ts";

const isOn = (value: string | undefined) => value === "true" || value === "yes";

const STATES = [
  ["disabled", "off", "bg-off-soft text-text-2"],
  ["dynamic", "dynamic", "bg-info-soft text-info"],
  ["invalid", "invalid", "bg-bad-soft text-bad"],
  ["inactive", "inactive", "bg-off-soft text-text-2"],
] as const;

const MARKS = {
  added: ["new", "bg-ok-soft text-ok"],
  changed: ["changed", "bg-info-soft text-info"],
  removed: ["to go", "bg-bad-soft text-bad"],
} as const;

/** What is to be known of an item at a glance: what waits for it, then how it is. */
export function RowState({ row }: { row: PendingRow }) {
  const states = STATES.filter(([name]) => isOn(row.values[name]));
  const mark = row.mark === "none" ? undefined : MARKS[row.mark];
  const chip = "rounded px-1.5 py-px text-xs whitespace-nowrap";
  return (
    <span class="inline-flex gap-1">
      {mark && <span class={`${chip} font-medium ${mark[1]}`}>{mark[0]}</span>}
      {row.isMoved && <span class={`${chip} bg-warn-soft font-medium text-warn`}>moved</span>}
      {states.map(([name, word, look]) => <span key={name} class={`${chip} ${look}`}>{word}</span>)}
    </span>
  );
}
