import { useSignal } from "@preact/signals";
import { fleetAddress, type FleetState, type FleetView } from "@/core/contract/fleet_views.ts";
import { useChange } from "../settings/use_change.ts";

/** Kept ways to look at the fleet, as chips; what is shown now can be kept, too. */
export default function FleetViews({ views, state, viewId, mayShare }: {
  views: FleetView[];
  /** What the page shows now. */
  state: FleetState;
  /** The view that the page was opened by. */
  viewId: string | undefined;
  mayShare: boolean;
}) {
  const isNaming = useSignal(false);
  const change = useChange();
  const opened = views.find(({ id }) => id === viewId);
  const mayChange = opened && (opened.isOwn || mayShare) && (!opened.isShared || mayShare);
  const isAsKept = opened !== undefined && sameState(stateOf(opened), state);
  const body = { query: state.q, sort: state.sort, order: state.order, columns: state.columns };

  async function add(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const result = await change.run<FleetView>("POST", "/api/views", {
      ...{ ...body, name: String(form.get("name")).trim(), isShared: form.has("isShared") },
    });
    if (result) location.assign(fleetAddress(state, { view: result.body.id }));
  }
  async function patch(fields: Record<string, unknown>) {
    const result = await change.run<FleetView>("PATCH", `/api/views/${opened!.id}`, fields);
    if (result) location.assign(fleetAddress(state, { view: opened!.id }));
  }
  async function remove() {
    if (!confirm(`Remove the view ${opened!.name}${opened!.isShared ? " for everybody" : ""}?`)) {
      return;
    }
    if (await change.run("DELETE", `/api/views/${opened!.id}`)) {
      location.assign(fleetAddress(state));
    }
  }

  return (
    <div class="mb-3 flex flex-wrap items-center gap-1.5">
      {views.map((view) => (
        <a
          key={view.id}
          class="chip max-w-full"
          href={fleetAddress(stateOf(view), { view: view.id })}
          aria-current={view.id === viewId ? "true" : undefined}
          title={view.isShared ? "Shared with everybody here" : "Yours alone"}
        >
          <bdi class="truncate">{view.name}</bdi>
          {view.isShared && <span class="text-xs text-text-3">shared</span>}
        </a>
      ))}
      {mayChange && (
        <>
          {!isAsKept && (
            <button
              type="button"
              class="btn"
              disabled={change.isBusy.value}
              onClick={() => void patch(body)}
            >
              Keep changes
            </button>
          )}
          {mayShare && opened.isOwn && (
            <button
              type="button"
              class="btn"
              disabled={change.isBusy.value}
              onClick={() => void patch({ isShared: !opened.isShared })}
            >
              {opened.isShared ? "Stop sharing" : "Share"}
            </button>
          )}
          <button
            type="button"
            class="btn btn-danger"
            disabled={change.isBusy.value}
            onClick={() => void remove()}
          >
            Remove view
          </button>
        </>
      )}
      {!isNaming.value && !isAsKept && (
        <button
          type="button"
          class="btn"
          onClick={() => isNaming.value = true}
        >
          Save view
        </button>
      )}
      {isNaming.value && (
        <form
          class="flex flex-wrap items-center gap-2"
          aria-label="Save view"
          onSubmit={(event) => void add(event)}
        >
          <input
            name="name"
            class="field max-w-56"
            aria-label="Name of the view"
            placeholder="Name of the view"
            required
            maxlength={60}
            autocomplete="off"
          />
          {mayShare && (
            <label class="flex items-center gap-1.5">
              <input type="checkbox" name="isShared" />
              For everybody
            </label>
          )}
          <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>Save</button>
          <button type="button" class="btn" onClick={() => isNaming.value = false}>Cancel</button>
        </form>
      )}
      {change.problem.value && (
        <p class="break w-full text-bad" role="alert">{change.problem.value}</p>
      )}
    </div>
  );
}

function stateOf({ query, sort, order, columns }: FleetView): FleetState {
  return { q: query, sort, order, columns };
}

function sameState(a: FleetState, b: FleetState): boolean {
  return fleetAddress(a) === fleetAddress(b);
}
