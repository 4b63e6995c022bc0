import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { MAX_COMPARED } from "@/core/contract/charts.ts";
import type { BulkChange, BulkSummary } from "@/core/contract/bulk.ts";
import { useChange } from "../../settings/use_change.ts";
import { type BulkAction, BulkFields, changeOf } from "./BulkFields.tsx";

const ACTIONS: [BulkAction, string][] = [
  ["add-tags", "Add tags"],
  ["remove-tags", "Remove tags"],
  ["join", "Put into a group"],
  ["leave", "Take out of a group"],
  ["site", "Put on a site"],
  ["region", "Move to a region"],
  ["interval", "Set the poll interval"],
  ["poll", "Start polling"],
  ["stop", "Stop polling"],
  ["retire", "Retire"],
  ["restore", "Restore"],
];

/** What a click on the button will do, in a sentence, where it is not plain. */
const CONSEQUENCE: Partial<Record<BulkAction, string>> = {
  retire:
    "They are no longer polled or counted. What was measured stays, and they can be restored.",
  stop: "Nothing is measured and nothing is noticed until somebody starts polling again.",
  region: "Pollers of that region must be able to reach them.",
};

/** One change to all chosen routers, and what came of it. */
export function BulkBar({ q, total, mayGroup, mayMakeJobs, chosen, isWhole, isRetired, onDone }: {
  q: string;
  total: number;
  mayGroup: boolean;
  mayMakeJobs: boolean;
  chosen: Signal<ReadonlySet<string> | "all">;
  /** All of this page are chosen: only then all of the list can be. */
  isWhole: boolean;
  isRetired: boolean;
  onDone: () => void;
}) {
  const action = useSignal<BulkAction>("add-tags");
  const change = useChange();
  const done = useSignal<BulkSummary | undefined>(undefined);
  const count = chosen.value === "all" ? total : chosen.value.size;
  const actions = ACTIONS.filter(([name]) =>
    (mayGroup || (name !== "join" && name !== "leave")) && (name !== "restore" || isRetired) &&
    (name !== "retire" || !isRetired)
  );
  useEffect(() => {
    if (!actions.some(([name]) => name === action.value)) action.value = actions[0]![0];
  }, [isRetired]);

  async function apply(event: SubmitEvent) {
    event.preventDefault();
    const wanted: BulkChange = changeOf(
      action.value,
      new FormData(event.currentTarget as HTMLFormElement),
    );
    const body = chosen.value === "all"
      ? { q, expected: total, change: wanted }
      : { ids: [...chosen.value], change: wanted };
    const result = await change.run<BulkSummary>("POST", "/api/devices/bulk", body);
    if (!result) return;
    done.value = result.body;
    chosen.value = new Set();
    onDone();
  }
  function clear() {
    chosen.value = new Set();
    change.problem.value = "";
  }

  if (count === 0) return done.value ? <Done summary={done.value} /> : null;
  const verb = actions.find(([name]) => name === action.value)?.[1] ?? "Apply";
  const routers = count === 1 ? "1 router" : `${count.toLocaleString("en-US")} routers`;
  return (
    <form
      class="panel sticky bottom-3 z-10 mt-3 grid gap-2 p-3 shadow-pop"
      aria-label="Change the selected routers"
      onSubmit={(event) => void apply(event)}
    >
      <div class="flex flex-wrap items-center gap-2">
        <strong role="status">{routers} selected</strong>
        {isWhole && chosen.value !== "all" && total > count && (
          <button
            type="button"
            class="btn"
            onClick={() => chosen.value = "all"}
          >
            Select all {total.toLocaleString("en-US")}
            {q && " that match"}
          </button>
        )}
        {chosen.value !== "all" && count > 1 && count <= MAX_COMPARED && (
          <a class="btn" href={`/compare?ids=${[...chosen.value].join(",")}`}>Compare</a>
        )}
        {mayMakeJobs && (
          <a
            class="btn"
            href={chosen.value === "all"
              ? `/jobs/new?${new URLSearchParams({ q })}`
              : `/jobs/new?ids=${[...chosen.value].join(",")}`}
          >
            Run or push…
          </a>
        )}
        <button type="button" class="btn" onClick={clear}>Clear</button>
      </div>
      <div class="flex flex-wrap items-center gap-2">
        <select
          class="field max-w-52"
          aria-label="What to do"
          value={action.value}
          onChange={(event) => action.value = event.currentTarget.value as BulkAction}
        >
          {actions.map(([name, label]) => <option key={name} value={name}>{label}</option>)}
        </select>
        <BulkFields key={action.value} action={action.value} />
        <button
          type="submit"
          class={action.value === "retire" || action.value === "stop"
            ? "btn btn-danger"
            : "btn btn-primary"}
          disabled={change.isBusy.value}
        >
          {change.isBusy.value ? "Working…" : `${verb}: ${routers}`}
        </button>
      </div>
      {CONSEQUENCE[action.value] && <p class="text-sm text-text-2">{CONSEQUENCE[action.value]}</p>}
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
    </form>
  );
}

function Done({ summary: { id, changed, unchanged, refused } }: { summary: BulkSummary }) {
  return (
    <p class="panel mt-3 flex flex-wrap gap-x-4 gap-y-1 p-3" role="status">
      <span class="text-ok">{changed === 1 ? "1 router" : `${changed} routers`} changed</span>
      {unchanged > 0 && <span class="text-text-2">{unchanged} were so already</span>}
      {refused > 0 && <span class="text-bad">{refused} refused</span>}
      <a class="underline" href={`/devices/bulk/${id}`}>What came of each</a>
    </p>
  );
}
