import { useSignal } from "@preact/signals";
import { useChange } from "../settings/use_change.ts";

/** Orders a backup of every router; the list then tells how far it is. */
export default function BackUpEverything() {
  const change = useChange();
  const ordered = useSignal<number | undefined>(undefined);

  async function run() {
    const answer = await change.run<{ devices: number }>("POST", "/api/configs/backups");
    if (answer) ordered.value = answer.body.devices;
  }

  return (
    <div class="flex flex-wrap items-center gap-3">
      {ordered.value !== undefined && (
        <p class="text-ok" role="status">
          {ordered.value === 1 ? "1 router" : `${ordered.value} routers`}{" "}
          will be read. Reload to see how far it is.
        </p>
      )}
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
      <button
        type="button"
        class="btn btn-primary"
        disabled={change.isBusy.value || ordered.value !== undefined}
        onClick={() => void run()}
      >
        Back up everything now
      </button>
    </div>
  );
}
