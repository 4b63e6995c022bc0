import type { Signal } from "@preact/signals";
import type { PushProbe, PushRequest } from "@/core/contract/pushes.ts";
import { ProbeFields } from "./ProbeFields.tsx";
import { WINDOWS } from "./windows.ts";

export type PushOptions = Pick<PushRequest, "confirm" | "windowSeconds" | "probes">;

/** Who keeps it, how long one has for it, and what else must work. */
export function PushOptionFields({ options, mayAutoConfirm }: {
  options: Signal<PushOptions>;
  mayAutoConfirm: boolean;
}) {
  const set = (change: Partial<PushOptions>) => options.value = { ...options.value, ...change };
  const { confirm, windowSeconds, probes } = options.value;
  return (
    <fieldset class="panel grid gap-3 p-4">
      <legend class="sr-only">How it is kept</legend>
      <div class="grid gap-2">
        <label class="flex items-start gap-2">
          <input
            type="radio"
            name="push-confirm"
            class="mt-1"
            checked={confirm === "manual"}
            onChange={() => set({ confirm: "manual" })}
          />
          <span>
            I confirm it
            <span class="block text-sm text-text-2">Without a word from me it is taken back.</span>
          </span>
        </label>
        <label class="flex items-start gap-2">
          <input
            type="radio"
            name="push-confirm"
            class="mt-1"
            checked={confirm === "auto"}
            disabled={!mayAutoConfirm}
            onChange={() => set({ confirm: "auto" })}
          />
          <span>
            Keep it once it is proven
            <span class="block text-sm text-text-2">
              {mayAutoConfirm
                ? "The router must be reached anew, twice, and everything below must work."
                : "Your organisation wants a person to confirm."}
            </span>
          </span>
        </label>
      </div>
      {confirm === "manual" && (
        <div class="max-w-60">
          <label class="mb-1 block font-medium" for="push-window">Time to confirm</label>
          <select
            id="push-window"
            class="field"
            value={String(windowSeconds)}
            onChange={(event) => set({ windowSeconds: Number(event.currentTarget.value) })}
          >
            {WINDOWS.map(([seconds, words]) => (
              <option key={seconds} value={String(seconds)}>{words}</option>
            ))}
          </select>
        </div>
      )}
      <ProbeFields
        probes={probes}
        onChange={(next: PushProbe[]) => set({ probes: next })}
      />
    </fieldset>
  );
}
