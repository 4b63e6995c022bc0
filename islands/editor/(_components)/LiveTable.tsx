import { useSignal } from "@preact/signals";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { fieldOf, labelOfField } from "@/core/contract/editor/field.ts";
import { tableColumns } from "@/core/contract/editor/generic_fields.ts";
import { isOrderedMenu } from "@/core/contract/editor/known_menus.ts";
import type { PendingRow } from "@/core/contract/editor/pending_rows.ts";
import { toWritten } from "@/core/contract/editor/same_value.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import { bytes, count } from "@/core/contract/format.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import type { EditorState } from "./editor_state.ts";
import type { RowActs } from "./row_acts.ts";
import { RowButtons } from "./RowButtons.tsx";
import { RowState } from "./RowState.tsx";

/** More at once makes a browser slow; the filter finds the others. */
const PAGE = 200;
const TINT = {
  none: "",
  added: "[&>td]:bg-ok-soft [&>th]:bg-ok-soft",
  changed: "",
  removed: "opacity-70",
} as const;

/** The items of a menu as they are, with what is pending on them. */
export function LiveTable({ state, acts, mayWrite }: {
  state: EditorState;
  acts: RowActs;
  mayWrite: boolean;
}) {
  const most = useSignal(PAGE);
  const dragged = useSignal<string | undefined>(undefined);
  const over = useSignal<string | undefined>(undefined);
  const table = state.table.value!;
  const schema = state.schema.value;
  const columns = tableColumns(schema, state.rows.value);
  const isOrdered = isOrderedMenu(table.menu);
  const canMove = mayWrite && isOrdered;
  const rows = state.shown.value;
  const place = new Map(state.rows.value.map(({ key }, at) => [key, at]));
  const hasStates = state.rows.value.some((row) =>
    row.mark !== "none" || row.isMoved || ["disabled", "dynamic", "invalid", "inactive"]
      .some((name) => /^(true|yes)$/.test(row.values[name] ?? ""))
  );

  function onKeyDown(event: KeyboardEvent) {
    const element = (event.target as HTMLElement).closest<HTMLElement>("tr[data-key]");
    const row = element && state.rows.value.find(({ key }) => key === element.dataset["key"]);
    if (!row || !element || (event.target as HTMLElement).closest("[data-buttons]")) return;
    const at = place.get(row.key)!;
    const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (step !== 0 && event.altKey) {
      event.preventDefault();
      if (canMove && acts.canChange(row)) void acts.move(row, at + step).then(() => focus(row.key));
    } else if (step !== 0) {
      event.preventDefault();
      const next = step < 0 ? element.previousElementSibling : element.nextElementSibling;
      next?.querySelector<HTMLElement>("[data-open]")?.focus();
    } else if (mayWrite && event.key === "Delete" && acts.canChange(row) && !schema?.isFixed) {
      event.preventDefault();
      void acts.remove(row).then(() => focus(row.key));
    }
  }

  function onDrop(target: PendingRow) {
    const row = state.rows.value.find(({ key }) => key === dragged.value);
    dragged.value = over.value = undefined;
    if (row && row.key !== target.key) void acts.move(row, place.get(target.key)!);
  }

  return (
    <>
      <ScrollArea label={`Items of ${table.menu}`}>
        <table class="table" data-testid="items">
          <thead>
            <tr>
              {isOrdered && <th scope="col" class="num">#</th>}
              {hasStates && <th scope="col">State</th>}
              {columns.map((name) => (
                <th
                  key={name}
                  scope="col"
                  class={isNumber(name) ? "num" : ""}
                  title={fieldOf(schema, name)?.help || name}
                >
                  {labelOfField(name)}
                </th>
              ))}
              {mayWrite && !table.isSingle && (
                <th scope="col" class="sticky right-0 hidden bg-surface md:table-cell">
                  <span class="sr-only">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody onKeyDown={onKeyDown}>
            {rows.slice(0, most.value).map((row) => (
              <tr
                key={row.key}
                data-key={row.key}
                data-mark={row.mark}
                class={`cursor-pointer ${TINT[row.mark]} ${
                  over.value === row.key ? "outline-2 -outline-offset-2 outline-accent" : ""
                }`}
                onClick={(event) => {
                  if ((event.target as HTMLElement).closest("[data-buttons]")) return;
                  if (String(getSelection() ?? "") !== "") return;
                  state.form.value = { kind: "edit", row };
                }}
                onDragOver={(event) => {
                  if (dragged.value === undefined) return;
                  event.preventDefault();
                  over.value = row.key;
                }}
                onDrop={(event) => {
                  event.preventDefault();
                  onDrop(row);
                }}
              >
                {isOrdered && (
                  <td class="num text-text-3" data-buttons>
                    <span
                      class={`inline-flex items-center gap-1.5 ${
                        canMove && acts.canChange(row) ? "cursor-grab" : ""
                      }`}
                      draggable={canMove && acts.canChange(row)}
                      title={canMove ? "Drag to another place" : undefined}
                      onDragStart={(event) => {
                        dragged.value = row.key;
                        event.dataTransfer!.effectAllowed = "move";
                        // Firefox drags nothing without data.
                        event.dataTransfer!.setData("text/plain", row.key);
                      }}
                      onDragEnd={() => dragged.value = over.value = undefined}
                    >
                      {canMove && <span class="hidden text-text-3 md:inline" aria-hidden>⠿</span>}
                      {place.get(row.key)! + 1}
                    </span>
                  </td>
                )}
                {hasStates && (
                  <td>
                    <RowState row={row} />
                  </td>
                )}
                {columns.map((name, at) => (
                  <Cell
                    key={name}
                    row={row}
                    name={name}
                    isFirst={at === 0}
                    onOpen={() => state.form.value = { kind: "edit", row }}
                  />
                ))}
                {mayWrite && !table.isSingle && (
                  <td class="sticky right-0 hidden bg-surface py-0! md:table-cell" data-buttons>
                    <RowButtons {...{ row, state, acts, isOrdered }} at={place.get(row.key)!} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {rows.length > most.value && (
        <button
          type="button"
          class="btn mt-3"
          onClick={() => most.value += PAGE}
        >
          Show {Math.min(PAGE, rows.length - most.value)} more of {rows.length}
        </button>
      )}
    </>
  );
}

/** Where a row went after it was drawn anew. */
function focus(key: string): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`tr[data-key="${CSS.escape(key)}"] [data-open]`)?.focus();
  });
}

const isNumber = (name: string) => name === "bytes" || name === "packets";

function Cell({ row, name, isFirst, onOpen }: {
  row: PendingRow;
  name: string;
  isFirst: boolean;
  onOpen: () => void;
}) {
  const isGone = row.mark === "removed";
  const value = shown(row.values[name], name);
  const isChanged = name in row.before;
  const text = (
    <span
      class={`mono block max-w-72 truncate ${isGone ? "line-through" : ""}`}
      title={value.length > 30 ? value : undefined}
    >
      {isChanged && (
        <>
          <del class="bg-bad-soft text-bad">
            <bdi>{shown(row.before[name], name) || "not set"}</bdi>
          </del>
          {" "}
        </>
      )}
      {isChanged
        ? (
          <ins class="bg-ok-soft text-ok no-underline">
            <bdi>{value || "not set"}</bdi>
          </ins>
        )
        : <bdi>{value}</bdi>}
    </span>
  );
  if (!isFirst) return <td class={isNumber(name) ? "num" : "whitespace-nowrap"}>{text}</td>;
  return (
    <th scope="row" class="font-normal!">
      <button
        type="button"
        class="block text-left align-middle font-medium"
        data-open
        onClick={onOpen}
      >
        {value || isChanged ? text : <span class="text-text-3">Open</span>}
      </button>
    </th>
  );
}

function shown(value: string | undefined, name: string): string {
  if (value === undefined) return "";
  if (name === "bytes") return bytes(Number(value));
  if (name === "packets") return count(Number(value));
  if (value === HIDDEN) return "••••••";
  return plainText(toWritten(value)).slice(0, 300);
}
