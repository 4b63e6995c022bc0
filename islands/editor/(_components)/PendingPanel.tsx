import { useSignal } from "@preact/signals";
import type { EditorState } from "./editor_state.ts";
import { PendingList } from "./PendingList.tsx";

/** What waits for this router, with the way to take it back and the way on. */
export function PendingPanel({ state, mayWrite, onOpen }: {
  state: EditorState;
  mayWrite: boolean;
  onOpen: (menu: string) => void;
}) {
  const isNaming = useSignal(false);
  const set = state.set.value;
  const changes = state.pending.value;
  const others = (set?.changes ?? 0) - changes.length;
  const sets = state.openSets.value;

  async function rename(event: SubmitEvent) {
    event.preventDefault();
    const name = new FormData(event.currentTarget as HTMLFormElement).get("name");
    await state.rename(String(name).trim());
    isNaming.value = false;
  }

  return (
    <aside
      id="pending"
      class="panel overflow-hidden xl:sticky xl:top-4 xl:flex xl:max-h-[calc(100dvh-2rem)] xl:flex-col"
      aria-label="Pending changes"
    >
      <header class="border-b border-line px-4 py-3">
        <h2 class="font-semibold">
          {changes.length === 0
            ? "Nothing pending"
            : changes.length === 1
            ? "1 pending change"
            : `${changes.length} pending changes`}
        </h2>
        {set && !isNaming.value && (
          <p class="mt-0.5 flex items-baseline gap-2 text-sm text-text-2">
            <a class="break min-w-0 hover:underline" href={`/change-sets/${set.id}`}>
              <bdi>{set.name}</bdi>
            </a>
            {mayWrite && (
              <button
                type="button"
                class="text-accent hover:underline"
                onClick={() => isNaming.value = true}
              >
                Rename
              </button>
            )}
          </p>
        )}
        {set && isNaming.value && (
          <form
            class="mt-1 flex gap-1.5"
            onSubmit={(event) => void rename(event)}
          >
            <input
              class="field"
              name="name"
              aria-label="Name of the change set"
              required
              maxlength={200}
              defaultValue={set.name}
            />
            <button type="submit" class="btn">Save</button>
          </form>
        )}
        {sets.length > 0 && mayWrite && (sets.length > 1 || !set) && (
          <label class="mt-2 block text-sm">
            <span class="text-text-2">Change set</span>
            <select
              class="field"
              value={set?.id ?? ""}
              onChange={(event) => void state.choose(event.currentTarget.value || undefined)}
            >
              <option value="">A new one</option>
              {sets.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
            </select>
          </label>
        )}
        {set?.status === "reviewed" && (
          <p class="mt-2 text-sm text-warn">
            It is reviewed: another change drops the review.
          </p>
        )}
      </header>
      <div class="xl:min-h-0 xl:flex-1 xl:overflow-y-auto">
        {changes.length === 0
          ? (
            <p class="px-4 py-3 text-sm text-text-2">
              What you change is collected here. Nothing reaches the router before you review and
              push it.
            </p>
          )
          : (
            <PendingList
              changes={changes}
              isBusy={state.isSaving.value}
              onUndo={mayWrite ? (change) => void state.undo(change.id) : undefined}
              onOpen={onOpen}
            />
          )}
      </div>
      {set && set.changes > 0 && (
        <footer class="border-t border-line px-4 py-3">
          {others > 0 && (
            <p class="mb-2 text-sm text-text-2">
              {others} more {others === 1 ? "change" : "changes"} for other routers.
            </p>
          )}
          <a class="btn btn-primary w-full justify-center" href={`/change-sets/${set.id}`}>
            Review and push
          </a>
        </footer>
      )}
    </aside>
  );
}
