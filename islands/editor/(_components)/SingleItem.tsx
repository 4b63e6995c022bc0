import { fieldOf, labelOfField } from "@/core/contract/editor/field.ts";
import { toWritten } from "@/core/contract/editor/same_value.ts";
import { HIDDEN } from "@/core/contract/editor/table.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import type { EditorState } from "./editor_state.ts";

/** A menu of one item: its attributes below each other. */
export function SingleItem({ state, mayWrite }: { state: EditorState; mayWrite: boolean }) {
  const row = state.rows.value[0]!;
  const schema = state.schema.value;
  const known = schema?.fields.map(({ name }) => name) ?? [];
  const names = [...new Set([...known, ...Object.keys(row.values)])]
    .filter((name) => name in row.values);
  return (
    <div class="panel" data-testid="single" data-mark={row.mark}>
      <dl class="grid gap-x-4 gap-y-0 sm:grid-cols-[minmax(10rem,auto)_1fr]">
        {names.map((name) => (
          <div
            key={name}
            class="border-b border-line px-4 py-2 sm:col-span-2 sm:grid sm:grid-cols-subgrid"
          >
            <dt class="text-text-2" title={fieldOf(schema, name)?.help || name}>
              {labelOfField(name)}
            </dt>
            <dd class="mono break">
              {name in row.before && (
                <>
                  <del class="bg-bad-soft text-bad">
                    <bdi>{shown(row.before[name]!)}</bdi>
                  </del>
                  {" "}
                </>
              )}
              {name in row.before
                ? (
                  <ins class="bg-ok-soft text-ok no-underline">
                    <bdi>{shown(row.values[name]!)}</bdi>
                  </ins>
                )
                : <bdi>{shown(row.values[name]!)}</bdi>}
            </dd>
          </div>
        ))}
      </dl>
      {mayWrite && (
        <div class="flex gap-2 px-4 py-3">
          <button
            type="button"
            class="btn btn-primary"
            onClick={() => state.form.value = { kind: "edit", row }}
          >
            Edit
          </button>
          {row.changes.length > 0 && (
            <button
              type="button"
              class="btn"
              disabled={state.isSaving.value}
              onClick={() => void state.undo(...row.changes)}
            >
              Undo changes
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function shown(value: string): string {
  if (value === HIDDEN) return "••••••";
  return plainText(toWritten(value)).slice(0, 2_000) || "–";
}
