import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { now } from "../../live.ts";
import { ago } from "@/core/contract/format.ts";
import type { EditorState } from "./editor_state.ts";

/** Which menu it is, how old what is shown is, and what can be done with it as a whole. */
export function TableBar({ state, mayWrite, mayReveal }: {
  state: EditorState;
  mayWrite: boolean;
  mayReveal: boolean;
}) {
  const isAsking = useSignal(false);
  const table = state.table.value;
  const schema = state.schema.value;
  const path = state.path.value;
  const hasSecrets = table?.items.some(({ secrets }) => secrets.length > 0) ?? false;
  const canAdd = mayWrite && table && !table.isSingle && !schema?.isFixed &&
    (table.verbs === null || table.verbs.includes("add"));
  useEffect(() => void (isAsking.value = false), [path]);

  async function reveal(event: SubmitEvent) {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget as HTMLFormElement).get("reason"));
    if (await state.reveal(reason)) isAsking.value = false;
  }

  return (
    <div class="mb-3">
      <div class="flex flex-wrap items-end gap-x-4 gap-y-2">
        <div class="min-w-0 flex-1 basis-52">
          <h2 class="text-lg">{schema?.title ?? path}</h2>
          <p class="text-sm text-text-2">
            <span class="mono">{path}</span>
            {schema?.help && ` · ${schema.help}`}
          </p>
        </div>
        <div class="flex flex-wrap items-center gap-2">
          {table && !table.isSingle && (
            <input
              type="search"
              class="field w-44!"
              placeholder="Filter"
              aria-label="Filter the items"
              data-filter
              value={state.filter.value}
              onInput={(event) => state.filter.value = event.currentTarget.value}
            />
          )}
          {mayReveal && hasSecrets && (
            <button
              type="button"
              class="btn"
              aria-expanded={isAsking.value}
              onClick={() => isAsking.value = !isAsking.value}
            >
              Show secrets
            </button>
          )}
          <button
            type="button"
            class="btn"
            disabled={state.isReading.value}
            onClick={() => void state.refresh()}
          >
            {state.isReading.value ? "Reading…" : "Refresh"}
          </button>
          {canAdd && (
            <button
              type="button"
              class="btn btn-primary"
              onClick={() => state.form.value = { kind: "add", from: undefined }}
            >
              Add
            </button>
          )}
        </div>
      </div>
      {table && (
        <p class="mt-1 text-sm text-text-3">
          {!table.isSingle && (
            <>
              {table.total === 1 ? "1 item" : `${table.total} items`}
              {state.filter.value && `, ${state.shown.value.length} shown`} ·{" "}
            </>
          )}
          read <Since at={table.readAt} />
          {table.isRevealed && <span class="text-warn">· secrets are shown</span>}
        </p>
      )}
      {isAsking.value && (
        <form
          class="mt-2 flex flex-wrap items-end gap-2"
          onSubmit={(event) => void reveal(event)}
        >
          <label class="min-w-60 flex-1">
            <span class="block text-sm">
              Why they must be seen (it stands in the audit log)
            </span>
            <input class="field" name="reason" required minlength={3} maxlength={500} />
          </label>
          <button type="submit" class="btn btn-danger">Show secrets</button>
        </form>
      )}
      {state.problem.value && !state.form.value && (
        <p class="break mt-2 text-bad" role="alert">{state.problem.value}</p>
      )}
    </div>
  );
}

function Since({ at }: { at: string }) {
  return <time dateTime={at}>{ago(at, Math.max(now.value, Date.parse(at)))}</time>;
}
