import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { RestorePlan, RestoreSource } from "@/core/contract/restores.ts";
import { utc } from "@/core/contract/format.ts";
import PushDialog from "../pushes/PushDialog.tsx";
import { useChange } from "../settings/use_change.ts";
import { ChangeChoice } from "./(_components)/ChangeChoice.tsx";

export interface RestorePlannerProps {
  deviceId: string;
  source: RestoreSource;
}

/** Reads what the router runs, shows what a restore would change, and pushes what is chosen of it. */
export default function RestorePlanner({ deviceId, source }: RestorePlannerProps) {
  const plan = useSignal<RestorePlan | undefined>(undefined);
  const chosen = useSignal<ReadonlySet<number>>(new Set());
  const isPushing = useSignal(false);
  const reading = useChange();

  async function read() {
    const answer = await reading.run<RestorePlan>(
      "POST",
      `/api/devices/${deviceId}/restores/plan`,
      source,
    );
    plan.value = answer?.body;
    chosen.value = new Set(answer?.body.changes.keys());
  }
  useEffect(() => void read(), []);

  const seen = plan.value;
  if (!seen) {
    return reading.problem.value
      ? (
        <div class="rounded-panel border border-bad bg-bad-soft px-4 py-3" role="alert">
          <p class="break">{reading.problem.value}</p>
          <button type="button" class="btn mt-2" onClick={() => void read()}>Try again</button>
        </div>
      )
      : (
        <p class="panel p-6 text-center text-text-2" role="status">
          Reading what the router runs now. This takes some seconds…
        </p>
      );
  }
  const isAll = chosen.value.size === seen.changes.length;
  const n = chosen.value.size;
  return (
    <>
      {seen.warnings.map((warning) => (
        <p key={warning} class="break mb-3 rounded-panel border border-warn bg-warn-soft px-4 py-3">
          {warning}
        </p>
      ))}
      {seen.changes.length === 0
        ? (
          <p class="panel p-6 text-center text-text-2">
            The router runs just what this version says: there is nothing to restore.
          </p>
        )
        : (
          <>
            <div class="sticky top-0 z-10 mb-3 flex flex-wrap items-center gap-3 border-b border-line bg-bg py-2">
              <p class="mr-auto" role="status">
                {n} of {seen.changes.length} {seen.changes.length === 1 ? "change" : "changes"}
              </p>
              <button type="button" class="btn" onClick={() => void read()}>Read it again</button>
              <button
                type="button"
                class="btn btn-primary"
                disabled={n === 0}
                onClick={() => isPushing.value = true}
              >
                Look and push…
              </button>
            </div>
            <ChangeChoice changes={seen.changes} chosen={chosen} />
          </>
        )}
      {seen.cannot.length > 0 && (
        <section class="mt-6" aria-label="What stays as it is">
          <h2 class="mb-2 text-lg">What stays as it is</h2>
          <ul class="panel divide-y divide-line">
            {seen.cannot.map(({ menu, label, why }, at) => (
              <li key={at} class="break px-4 py-2">
                <span class="mono text-sm text-text-2">{menu}</span> <bdi>{label}</bdi>: {why}
              </li>
            ))}
          </ul>
        </section>
      )}
      {isPushing.value && (
        <PushDialog
          deviceId={deviceId}
          deviceName={seen.deviceName}
          title={`Restore of ${utc(seen.version.takenAt)}`}
          source={{ kind: "restore", id: seen.version.id }}
          commands={[]}
          planned={{
            previewPath: `/api/devices/${deviceId}/restores/preview`,
            startPath: `/api/devices/${deviceId}/restores`,
            body: {
              ...source,
              runningId: seen.runningId,
              chosen: isAll ? null : [...chosen.value].sort((a, b) => a - b),
            },
          }}
          onClose={() => isPushing.value = false}
        />
      )}
    </>
  );
}
