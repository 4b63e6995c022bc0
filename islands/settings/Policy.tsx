import { useSignal } from "@preact/signals";
import type { TenantSettings } from "@/core/contract/tenants.ts";
import { useChange } from "./use_change.ts";

const RULES = [
  {
    name: "requireSecondFactor",
    label: "Everybody needs a second factor",
    hint: "Holds from everybody's next request on: who has none can open their account page to " +
      "add one, and nothing else.",
  },
  {
    name: "requireChangeReview",
    label: "Changes to routers need a review",
    hint:
      "A change set is pushed only after somebody approved it who did not write in it. An edit " +
      "drops the approval.",
  },
] as const;

/** What the organisation asks of its people. */
export default function Policy({ initial, mayWrite }: {
  initial: TenantSettings;
  mayWrite: boolean;
}) {
  const settings = useSignal(initial);
  const change = useChange();
  async function save(changes: Partial<TenantSettings>) {
    const before = settings.value;
    settings.value = { ...before, ...changes };
    const result = await change.run<TenantSettings>("PUT", "/api/settings", changes);
    settings.value = result?.body ?? before;
  }
  return (
    <div class="grid gap-4">
      {RULES.map(({ name, label, hint }) => (
        <label key={name} class="flex items-start gap-3">
          <input
            type="checkbox"
            class="mt-1"
            checked={settings.value[name]}
            disabled={!mayWrite || change.isBusy.value}
            onChange={(event) => void save({ [name]: event.currentTarget.checked })}
          />
          <span>
            {label}
            <span class="block text-sm text-text-2">{hint}</span>
          </span>
        </label>
      ))}
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
    </div>
  );
}
