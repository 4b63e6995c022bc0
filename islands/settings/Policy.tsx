import { useSignal } from "@preact/signals";
import type { TenantSettings } from "@/core/contract/tenants.ts";
import { useChange } from "./use_change.ts";

/** What the organisation asks of its people. */
export default function Policy({ initial, mayWrite }: {
  initial: TenantSettings;
  mayWrite: boolean;
}) {
  const settings = useSignal(initial);
  const change = useChange();
  async function save(requireSecondFactor: boolean) {
    const before = settings.value;
    settings.value = { requireSecondFactor };
    const result = await change.run<TenantSettings>("PUT", "/api/settings", settings.value);
    settings.value = result?.body ?? before;
  }
  return (
    <>
      <label class="flex items-start gap-3">
        <input
          type="checkbox"
          class="mt-1"
          checked={settings.value.requireSecondFactor}
          disabled={!mayWrite || change.isBusy.value}
          onChange={(event) => void save(event.currentTarget.checked)}
        />
        <span>
          Everybody needs a second factor
          <span class="block text-sm text-text-2">
            Holds from everybody's next request on: who has none can open their account page to add
            one, and nothing else.
          </span>
        </span>
      </label>
      {change.problem.value && (
        <p class="break mt-3 text-bad" role="alert">{change.problem.value}</p>
      )}
    </>
  );
}
