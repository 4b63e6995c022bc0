import { itemLabel } from "@/core/contract/editor/item_label.ts";
import type { PendingRow } from "@/core/contract/editor/pending_rows.ts";
import type { EditorState } from "./editor_state.ts";
import type { RowActs } from "./row_acts.ts";

/** What can be done with a row at once. */
export function RowButtons({ row, state, acts, isOrdered, at, isLarge = false }: {
  row: PendingRow;
  state: EditorState;
  acts: RowActs;
  isOrdered: boolean;
  /** Its place among all rows. */
  at: number;
  /** In a form: as buttons with words. */
  isLarge?: boolean;
}) {
  const schema = state.schema.value;
  const label = itemLabel(schema, row.values) || "this item";
  const isBusy = state.isSaving.value;
  const canChange = acts.canChange(row);
  const isOff = /^(true|yes)$/.test(row.values["disabled"] ?? "");
  const canToggle = canChange && ("disabled" in row.values ||
    (schema?.fields.some(({ name }) => name === "disabled") ?? false));
  const last = state.rows.value.length - 1;
  const button = (
    word: string,
    sign: keyof typeof SIGNS,
    onClick: () => void,
    { isOut = false, look = "" } = {},
  ) => (
    <button
      key={word}
      type="button"
      class={isLarge ? `btn ${look}` : "btn min-h-7! border-transparent! bg-transparent! px-1!"}
      aria-label={isLarge ? word : `${word} ${label}`}
      title={word}
      disabled={isBusy || isOut}
      onClick={onClick}
    >
      {isLarge ? word : <Sign name={sign} />}
    </button>
  );
  return (
    <span class={`flex justify-end gap-0.5 ${isLarge ? "flex-wrap gap-2" : ""}`}>
      {isOrdered && canChange && [
        button("Move up", "up", () => void acts.move(row, at - 1), { isOut: at === 0 }),
        button("Move down", "down", () => void acts.move(row, at + 1), { isOut: at === last }),
      ]}
      {canToggle &&
        button(isOff ? "Enable" : "Disable", isOff ? "on" : "off", () => void acts.toggle(row))}
      {canChange && !schema?.isFixed && !schema?.isSingle && (
        row.item === null ? null : button("Remove", "remove", () => void acts.remove(row), {
          look: "btn-danger",
        })
      )}
      {row.changes.length > 0 &&
        button(isLarge ? "Undo changes" : "Undo changes of", "undo", () => void acts.undo(row))}
    </span>
  );
}

const SIGNS = {
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
  on: "M5 3l8 5-8 5z",
  off: "M5.5 3v10M10.5 3v10",
  remove: "M3.5 4.5h9M6 4.5V3h4v1.5M5 4.5l.5 8.5h5l.5-8.5",
  undo: "M6 4L3 7l3 3M3 7h6.5a3.5 3.5 0 0 1 0 7H7",
} as const;

function Sign({ name }: { name: keyof typeof SIGNS }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={SIGNS[name]} />
    </svg>
  );
}
