import { useSignal } from "@preact/signals";
import type { Baseline, BaselineText } from "@/core/contract/drift.ts";
import { utc } from "@/core/contract/format.ts";
import { local } from "@/core/contract/zone_time.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { BaselineForm } from "./(_components)/BaselineForm.tsx";

/** What groups of routers must hold, and how many of them differ. */
export default function Baselines({ initial, groups, mayWrite }: {
  initial: Baseline[];
  groups: { id: string; name: string }[];
  mayWrite: boolean;
}) {
  const baselines = useSignal(initial);
  const editing = useSignal<BaselineText | "new" | undefined>(undefined);
  const change = useChange();
  const free = groups.filter(({ id }) => !baselines.value.some(({ groupId }) => groupId === id));

  async function reload() {
    const answer = await ask("/api/drift/baselines");
    if (answer.ok) baselines.value = (await answer.json()).items;
  }
  async function show({ id }: Baseline) {
    const answer = await change.run<BaselineText>("GET", `/api/drift/baselines/${id}`);
    if (answer) editing.value = answer.body;
  }
  async function save(body: Record<string, unknown>) {
    const now = editing.value!;
    const result = now === "new"
      ? await change.run("POST", "/api/drift/baselines", body)
      : await change.run("PATCH", `/api/drift/baselines/${now.id}`, {
        ...{ revision: now.revision, text: body["text"], wholeMenus: body["wholeMenus"] },
      });
    if (!result) return;
    editing.value = undefined;
    await reload();
  }
  async function remove({ id, name }: Baseline) {
    if (!confirm(`Remove the baseline of ${name}? The drift from it is forgotten.`)) return;
    if (await change.run("DELETE", `/api/drift/baselines/${id}`)) await reload();
  }
  const now = editing.value;
  return (
    <>
      {baselines.value.length > 0 && (
        <ul class="panel mb-4 divide-y divide-line" data-testid="baselines">
          {baselines.value.map((baseline) => (
            <li
              key={baseline.id}
              id={baseline.groupId ?? undefined}
              class="flex flex-wrap items-start gap-3 px-4 py-3"
            >
              <div class="min-w-60 flex-1">
                <p class="font-medium">
                  <bdi class="break">{baseline.name}</bdi>
                </p>
                <p class="break text-sm text-text-2">
                  {baseline.drifted === 0 ? "No router differs" : (
                    <span class="text-warn">
                      {baseline.drifted === 1
                        ? "1 router differs"
                        : `${baseline.drifted} routers differ`}
                    </span>
                  )}
                  {baseline.wholeMenus.length > 0 && (
                    <>
                      {" "}· nothing else in <code>{baseline.wholeMenus.join(", ")}</code>
                    </>
                  )}
                </p>
                <p class="text-xs text-text-3">
                  Changed{" "}
                  <time dateTime={baseline.updatedAt} title={utc(baseline.updatedAt)}>
                    {local(baseline.updatedAt)}
                  </time>
                  {baseline.updatedByName && (
                    <>
                      {" "}by <bdi>{baseline.updatedByName}</bdi>
                    </>
                  )}
                </p>
              </div>
              <span class="flex gap-1.5">
                <button
                  type="button"
                  class="btn"
                  aria-label={`${mayWrite ? "Edit" : "Show"} the baseline of ${baseline.name}`}
                  disabled={change.isBusy.value}
                  onClick={() => void show(baseline)}
                >
                  {mayWrite ? "Edit" : "Show"}
                </button>
                {mayWrite && (
                  <button
                    type="button"
                    class="btn btn-danger"
                    aria-label={`Remove the baseline of ${baseline.name}`}
                    disabled={change.isBusy.value}
                    onClick={() => void remove(baseline)}
                  >
                    Remove
                  </button>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {now && (
        <BaselineForm
          key={now === "new" ? "new" : now.id}
          baseline={now === "new" ? undefined : now}
          groups={free}
          isBusy={change.isBusy.value}
          {...(mayWrite && { onSave: (body: Record<string, unknown>) => void save(body) })}
          onClose={() => editing.value = undefined}
        />
      )}
      {mayWrite && !now && free.length > 0 && (
        <button
          type="button"
          class="btn btn-primary"
          onClick={() => editing.value = "new"}
        >
          Add baseline
        </button>
      )}
    </>
  );
}
