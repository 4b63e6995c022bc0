import { useSignal } from "@preact/signals";
import type { Baseline, DeviceDrift, RevertPlan } from "@/core/contract/drift.ts";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import { useChange } from "../settings/use_change.ts";
import { ChooseBaseline } from "./(_components)/ChooseBaseline.tsx";
import { DriftList } from "./(_components)/DriftList.tsx";
import { RevertDialog } from "./(_components)/RevertDialog.tsx";

/** How a router differs from what it should hold, and what is done about each item. */
export default function DriftItems({ deviceId, deviceName, drift, versions, mayWrite, mayPush }: {
  deviceId: string;
  deviceName: string;
  drift: DeviceDrift;
  versions: { id: string; takenAt: string }[];
  mayWrite: boolean;
  mayPush: boolean;
}) {
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const plan = useSignal<RevertPlan | undefined>(undefined);
  const change = useChange();
  const { baselines, items } = drift;
  const ids = [...chosen.value];

  function choose(id: string, isChosen: boolean) {
    const next = new Set(chosen.value);
    if (isChosen) next.add(id);
    else next.delete(id);
    chosen.value = next;
  }
  async function adopt() {
    const shared = baselines.filter(({ id, groupId }) =>
      groupId !== null && items.some((item) => chosen.value.has(item.id) && item.baselineId === id)
    );
    const whole = shared.map(({ name }) => name).join(", ");
    const question = shared.length === 0
      ? "The baseline takes what the router has in the chosen items?"
      : `The baseline of ${whole} takes what this router has: it changes for every router of it. Go on?`;
    if (!confirm(question)) return;
    const path = `/api/devices/${deviceId}/drift/adopt`;
    if (await change.run("POST", path, { items: ids })) location.reload();
  }
  async function revert() {
    const path = `/api/devices/${deviceId}/drift/plan`;
    const answer = await change.run<RevertPlan>("POST", path, { items: ids });
    if (answer) plan.value = answer.body;
  }

  if (baselines.length === 0) {
    return (
      <div class="panel p-4">
        <p class="mb-3 text-text-2">
          This router has no baseline: choose a version of its configuration, and whatever differs
          from it later is shown here. What all routers of a group share stands in a{" "}
          <a class="text-accent underline" href="/compliance/baselines">baseline of the group</a>.
        </p>
        {mayWrite && <ChooseBaseline deviceId={deviceId} versions={versions} />}
      </div>
    );
  }
  return (
    <>
      <p class="mb-3 text-text-2">
        Held against {baselines.map((one, at) => (
          <span key={one.id}>
            {at > 0 && ", "}
            <Against baseline={one} />
          </span>
        ))}.
      </p>
      {items.length === 0
        ? (
          <p class="panel p-4 text-text-2">
            {drift.checkedAt ? "Nothing differs." : "Not looked at yet."}
          </p>
        )
        : (
          <>
            {(mayWrite || mayPush) && (
              <div class="mb-2 flex flex-wrap items-center gap-2">
                <button
                  type="button"
                  class="btn"
                  onClick={() =>
                    chosen.value = ids.length === items.length
                      ? new Set()
                      : new Set(items.map(({ id }) => id))}
                >
                  {ids.length === items.length ? "Choose none" : "Choose all"}
                </button>
                {mayWrite && (
                  <button
                    type="button"
                    class="btn"
                    disabled={ids.length === 0 || change.isBusy.value}
                    onClick={() => void adopt()}
                  >
                    Adopt {ids.length || ""}
                  </button>
                )}
                {mayPush && (
                  <button
                    type="button"
                    class="btn btn-primary"
                    disabled={ids.length === 0 || change.isBusy.value}
                    onClick={() => void revert()}
                  >
                    Revert {ids.length || ""}…
                  </button>
                )}
                <span class="text-sm text-text-2">
                  Adopt: the baseline takes it. Revert: the router is made as the baseline.
                </span>
              </div>
            )}
            {change.problem.value && (
              <p class="break mb-2 text-bad" role="alert">{change.problem.value}</p>
            )}
            <DriftList
              items={items}
              baselines={baselines}
              chosen={chosen.value}
              {...((mayWrite || mayPush) && { onChoose: choose })}
            />
          </>
        )}
      {mayWrite && (
        <details class="mt-3">
          <summary class="cursor-pointer text-text-2">Choose another baseline</summary>
          <div class="mt-2">
            <ChooseBaseline
              deviceId={deviceId}
              versions={versions}
              baseline={baselines.find((one) => one.deviceId === deviceId)}
            />
          </div>
        </details>
      )}
      {plan.value && (
        <RevertDialog
          deviceId={deviceId}
          deviceName={deviceName}
          items={ids}
          plan={plan.value}
          onClose={() => plan.value = undefined}
        />
      )}
    </>
  );
}

function Against({ baseline: { deviceId, name, takenAt, groupId } }: { baseline: Baseline }) {
  if (deviceId !== null) {
    return (
      <>
        its configuration{takenAt && (
          <>
            {" "}of <time dateTime={takenAt} title={utc(takenAt)}>{local(takenAt)}</time>
          </>
        )}
      </>
    );
  }
  return (
    <>
      the baseline of{" "}
      <a class="text-accent hover:underline" href={`/compliance/baselines#${groupId}`}>
        <bdi>{name}</bdi>
      </a>
    </>
  );
}
