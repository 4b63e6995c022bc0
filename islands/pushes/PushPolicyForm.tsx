import { useSignal } from "@preact/signals";
import type { PushPolicy } from "@/core/contract/push_views.ts";
import { useChange } from "../settings/use_change.ts";
import { WINDOWS } from "./(_components)/windows.ts";

const WHO: readonly [PushPolicy["autoConfirm"], string, string][] = [
  ["everybody", "Whoever may push", "A change may be kept once it is proven, without a person."],
  ["approvers", "Approvers alone", "Others confirm each change by themselves."],
  ["nobody", "Nobody", "A person confirms each change. Bulk jobs cannot push then."],
];

/** Who may have changes kept without a person, and how long people get to confirm. */
export default function PushPolicyForm(
  { initial, mayWrite }: { initial: PushPolicy; mayWrite: boolean },
) {
  const policy = useSignal(initial);
  const change = useChange();
  async function save(next: PushPolicy) {
    const before = policy.value;
    policy.value = next;
    const result = await change.run<PushPolicy>("PUT", "/api/pushes/policy", next);
    policy.value = result?.body ?? before;
  }
  const isFixed = !mayWrite || change.isBusy.value;
  return (
    <div class="grid gap-4">
      <fieldset class="grid gap-2">
        <legend class="mb-1 font-medium">Who may have a change kept by itself</legend>
        {WHO.map(([value, label, hint]) => (
          <label key={value} class="flex items-start gap-3">
            <input
              type="radio"
              name="auto-confirm"
              class="mt-1"
              checked={policy.value.autoConfirm === value}
              disabled={isFixed}
              onChange={() => void save({ ...policy.value, autoConfirm: value })}
            />
            <span>
              {label}
              <span class="block text-sm text-text-2">{hint}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <div class="max-w-60">
        <label class="mb-1 block font-medium" for="policy-window">Time to confirm, at first</label>
        <select
          id="policy-window"
          class="field"
          disabled={isFixed}
          value={String(policy.value.windowSeconds)}
          onChange={(event) =>
            void save({ ...policy.value, windowSeconds: Number(event.currentTarget.value) })}
        >
          {WINDOWS.map(([seconds, words]) => (
            <option
              key={seconds}
              value={String(seconds)}
              selected={seconds === policy.value.windowSeconds}
            >
              {words}
            </option>
          ))}
        </select>
      </div>
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
    </div>
  );
}
