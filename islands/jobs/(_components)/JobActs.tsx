import { useSignal } from "@preact/signals";
import type { Job, JobAct } from "@/core/contract/bulk_jobs.ts";
import { useChange } from "../../settings/use_change.ts";

/** What can be done with a job as it is now. */
export function JobActs({ job, onDone }: { job: Job; onDone: () => void }) {
  const { id, kind, state, pausedWhy, counts } = job;
  const change = useChange();
  const withUnknown = useSignal(false);
  async function act(what: JobAct) {
    const path = kind === "command" ? "commands" : "pushes";
    if (await change.run("POST", `/api/jobs/${path}/${id}/acts`, what)) onDone();
  }
  function abort() {
    const left = counts.pending === 1 ? "1 router is" : `${counts.pending} routers are`;
    if (confirm(`Abort this job? ${left} left out; what is under way ends.`)) {
      void act({ act: "abort" });
    }
  }
  const again = counts.failed + counts.expired + counts.skipped +
    (withUnknown.value ? counts.unknown : 0);
  const mayRetry = state !== "scheduled" &&
    counts.failed + counts.unknown + counts.expired + counts.skipped > 0;
  function retry() {
    const states: Extract<JobAct, { act: "retry" }>["states"] = ["failed", "expired", "skipped"];
    if (withUnknown.value) states.push("unknown");
    void act({ act: "retry", states });
  }
  return (
    <div class="grid justify-items-start gap-2 sm:justify-items-end">
      <div class="flex flex-wrap gap-2">
        {state === "paused" && (
          <button
            type="button"
            class="btn btn-primary"
            disabled={change.isBusy.value}
            onClick={() => void act({ act: "resume" })}
          >
            {pausedWhy === "canary" ? "Approve the rest" : "Resume"}
          </button>
        )}
        {(state === "running" || state === "scheduled") && (
          <button
            type="button"
            class="btn"
            disabled={change.isBusy.value}
            onClick={() => void act({ act: "pause" })}
          >
            Pause
          </button>
        )}
        {(state === "running" || state === "scheduled" || state === "paused") && (
          <button
            type="button"
            class="btn btn-danger"
            disabled={change.isBusy.value}
            onClick={abort}
          >
            Abort
          </button>
        )}
        {mayRetry && (
          <button
            type="button"
            class="btn"
            disabled={change.isBusy.value || again === 0}
            onClick={retry}
          >
            Retry {again === 1 ? "1 router" : `${again} routers`}
          </button>
        )}
      </div>
      {mayRetry && counts.unknown > 0 && (
        <label class="flex max-w-sm items-start gap-2 text-sm">
          <input
            type="checkbox"
            class="mt-1"
            checked={withUnknown.value}
            onChange={(event) => withUnknown.value = event.currentTarget.checked}
          />
          Retry the {counts.unknown} unknown, too: they may have done it already
        </label>
      )}
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
    </div>
  );
}
