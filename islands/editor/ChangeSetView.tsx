import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { ChangeSetState } from "@/components/ChangeSetState.tsx";
import type { ChangeSet } from "@/core/contract/change_sets.ts";
import { utc } from "@/core/contract/format.ts";
import { Comments } from "./(_components)/Comments.tsx";
import { PushSet } from "./(_components)/PushSet.tsx";
import { ReviewSet } from "./(_components)/ReviewSet.tsx";
import { RouterPart } from "./(_components)/RouterPart.tsx";
import { setState } from "./(_components)/set_state.ts";

export interface ChangeSetViewProps {
  initial: ChangeSet;
  mayWrite: boolean;
  mayPush: boolean;
  mayApprove: boolean;
}

/** A change set as a whole: what it does where, what speaks against it, who approved it, the push. */
export default function ChangeSetView(
  { initial, mayWrite, mayPush, mayApprove }: ChangeSetViewProps,
) {
  const state = useMemo(() => setState(initial), []);
  const isNaming = useSignal(false);
  const set = state.set.value;
  const isOpen = set.status === "draft" || set.status === "reviewed";

  async function rename(event: SubmitEvent) {
    event.preventDefault();
    const name = new FormData(event.currentTarget as HTMLFormElement).get("name");
    if (await state.write("PATCH", "", { name: String(name).trim() })) isNaming.value = false;
  }
  async function discard() {
    if (!confirm("Discard this change set? It stays to be read, and is never pushed.")) return;
    await state.write("POST", "/discard");
  }

  return (
    <>
      <header class="mb-5 flex flex-wrap items-start gap-x-6 gap-y-3">
        <div class="min-w-[min(100%,14rem)] flex-1">
          {isNaming.value
            ? (
              <form class="flex max-w-xl gap-2" onSubmit={(event) => void rename(event)}>
                <h1 class="sr-only">{set.name}</h1>
                <input
                  class="field text-lg"
                  name="name"
                  aria-label="Name"
                  required
                  maxlength={200}
                  defaultValue={set.name}
                />
                <button type="submit" class="btn btn-primary">Save</button>
                <button type="button" class="btn" onClick={() => isNaming.value = false}>
                  Cancel
                </button>
              </form>
            )
            : (
              <h1 class="text-xl">
                <bdi class="break">{set.name}</bdi>
              </h1>
            )}
          <p class="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-text-2">
            <ChangeSetState set={set} />
            <span>
              {set.changes === 1 ? "1 change" : `${set.changes} changes`} on{" "}
              {set.devices === 1 ? "1 router" : `${set.devices} routers`}
            </span>
            {set.writers.length > 0 && (
              <span class="break">
                by <bdi>{set.writers.join(", ")}</bdi>
              </span>
            )}
            {set.reviewedAt && (
              <span class="break">
                approved by <bdi>{set.reviewedByName ?? set.reviewedBy}</bdi>,{" "}
                <time dateTime={set.reviewedAt}>{utc(set.reviewedAt)}</time>
              </span>
            )}
          </p>
        </div>
        {mayPush && set.status !== "discarded" && set.devices === 1 && (
          <a class="btn" href={`/jobs/new?changeSet=${set.id}`}>Push to other routers…</a>
        )}
        {isOpen && mayWrite && (
          <div class="flex flex-wrap gap-2">
            <button type="button" class="btn" onClick={() => isNaming.value = true}>Rename</button>
            <button
              type="button"
              class="btn btn-danger"
              disabled={state.isBusy.value}
              onClick={() => void discard()}
            >
              Discard
            </button>
          </div>
        )}
      </header>
      {state.problem.value && (
        <p class="break mb-4 rounded-panel bg-bad-soft px-4 py-2 text-bad" role="alert">
          {state.problem.value}
        </p>
      )}
      <div class="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div class="grid gap-4">
          {set.routers.length === 0 && (
            <p class="panel p-6 text-center text-text-2">
              Nothing waits in it. Open a router's editor to change something.
            </p>
          )}
          {set.routers.map((router) => (
            <RouterPart
              key={router.id}
              {...{ router, set, state }}
              mayEdit={isOpen && mayWrite}
            />
          ))}
        </div>
        <div class="grid gap-4">
          {set.status !== "discarded" && set.changes > 0 && (
            <>
              {isOpen && <ReviewSet {...{ set, state, mayWrite, mayApprove }} />}
              <PushSet {...{ set, state, mayPush }} />
            </>
          )}
          <Comments {...{ set, state, mayWrite }} />
        </div>
      </div>
    </>
  );
}
