import { useSignal } from "@preact/signals";
import type { Baseline } from "@/core/contract/drift.ts";
import { local } from "@/core/contract/zone_time.ts";
import { useChange } from "../../settings/use_change.ts";

/** Makes a kept version the router's baseline, or has it go without one. */
export function ChooseBaseline({ deviceId, versions, baseline }: {
  deviceId: string;
  versions: readonly { id: string; takenAt: string }[];
  /** Its own, where it has one. */
  baseline?: Baseline | undefined;
}) {
  const version = useSignal(versions[0]?.id ?? "");
  const change = useChange();
  async function choose() {
    const path = `/api/devices/${deviceId}/baseline`;
    if (await change.run("PUT", path, { versionId: version.value })) location.reload();
  }
  async function remove() {
    if (!confirm("Remove the baseline of this router? Its drift is forgotten.")) return;
    if (await change.run("DELETE", `/api/drift/baselines/${baseline!.id}`)) location.reload();
  }
  return (
    <div class="flex flex-wrap items-end gap-2">
      {versions.length === 0
        ? <p class="text-text-2">There is no whole backup to choose from yet.</p>
        : (
          <>
            <label>
              <span class="block text-sm text-text-2">Version</span>
              <select
                class="field"
                value={version.value}
                onChange={(event) => version.value = event.currentTarget.value}
              >
                {versions.map(({ id, takenAt }, at) => (
                  <option key={id} value={id}>
                    {at === 0 ? `${local(takenAt)}, the newest` : local(takenAt)}
                  </option>
                ))}
              </select>
            </label>
            <button
              type="button"
              class="btn btn-primary"
              disabled={change.isBusy.value}
              onClick={() => void choose()}
            >
              Make it the baseline
            </button>
          </>
        )}
      {baseline && (
        <button
          type="button"
          class="btn btn-danger"
          disabled={change.isBusy.value}
          onClick={() => void remove()}
        >
          Remove its baseline
        </button>
      )}
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
    </div>
  );
}
