import { useSignal } from "@preact/signals";
import type { ConfigPolicy, ConfigRetention } from "@/core/contract/config_policy.ts";
import { useChange } from "../settings/use_change.ts";

const TIERS = [
  ["allDays", "Every version", 7],
  ["dailyDays", "The last of each day", 0],
  ["weeklyDays", "The last of each week", 0],
  ["monthlyDays", "The last of each month", 0],
] as const;

/** How long versions are kept, for this organisation. */
export default function RetentionRules({ initial, mayWrite }: {
  initial: ConfigPolicy;
  mayWrite: boolean;
}) {
  const policy = useSignal(initial);
  const isSaved = useSignal(false);
  const change = useChange();

  async function save(retention: ConfigRetention | null) {
    isSaved.value = false;
    const answer = await change.run<ConfigPolicy>("PUT", "/api/configs/policy", { retention });
    if (!answer) return;
    policy.value = answer.body;
    isSaved.value = true;
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const days = (name: keyof ConfigRetention) => Number(fields.get(name));
    void save({
      ...{ allDays: days("allDays"), dailyDays: days("dailyDays") },
      ...{ weeklyDays: days("weeklyDays"), monthlyDays: days("monthlyDays") },
    });
  }

  return (
    <form onSubmit={submit} key={JSON.stringify(policy.value.retention)}>
      <div class="grid gap-3 sm:grid-cols-2">
        {TIERS.map(([name, words, least]) => (
          <div key={name}>
            <label class="mb-1 block font-medium" for={name}>{words}</label>
            <span class="flex items-center gap-2">
              <input
                class="field max-w-28"
                type="number"
                id={name}
                name={name}
                min={least}
                max={36_500}
                required
                disabled={!mayWrite}
                value={policy.value.retention[name]}
              />{" "}
              days
            </span>
          </div>
        ))}
      </div>
      <p class="mt-3 text-sm text-text-2">
        Older versions go. The newest of each router, those that were pinned, and those that a
        router was brought back to stay whatever their age.
      </p>
      {mayWrite && (
        <div class="mt-3 flex flex-wrap items-center gap-2">
          <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>Save</button>
          {policy.value.isOwn && (
            <button
              type="button"
              class="btn"
              disabled={change.isBusy.value}
              onClick={() => void save(null)}
            >
              As the installation has it
            </button>
          )}
          {isSaved.value && (
            <p class="text-ok" role="status">
              Saved. Versions that no rule keeps go within hours.
            </p>
          )}
        </div>
      )}
      {change.problem.value && (
        <p class="break mt-3 text-bad" role="alert">{change.problem.value}</p>
      )}
    </form>
  );
}
