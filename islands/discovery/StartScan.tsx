import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { readTargets } from "@/core/contract/scan_targets.ts";
import type { Scan } from "@/core/contract/scans.ts";
import { useChange } from "../settings/use_change.ts";

/** Begins a scan, and goes to its page. */
export default function StartScan() {
  const targets = useSignal("");
  const region = useSignal("default");
  const change = useChange();
  const { addresses, problems } = readTargets(targets.value);
  const isTyped = targets.value.trim() !== "";

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const result = await change.run<Scan>("POST", "/api/discovery/scans", {
      targets: targets.value.trim(),
      region: region.value.trim(),
    });
    if (result) location.assign(`/discovery/scans/${result.body.id}`);
  }
  return (
    <form
      class="panel grid max-w-3xl gap-4 p-5 sm:grid-cols-[2fr_1fr]"
      onSubmit={(event) => void submit(event)}
    >
      <Field
        label="Addresses"
        name="scan-targets"
        hint="10.0.0.0/24, 10.0.1.1-50, fd00::/120: up to 4,096 addresses"
      >
        <textarea
          id="scan-targets"
          class="field mono"
          rows={2}
          required
          maxlength={8_000}
          spellcheck={false}
          autocomplete="off"
          value={targets}
          onInput={(event) => targets.value = event.currentTarget.value}
        />
      </Field>
      <Field label="Region" name="scan-region" hint="Whose poller looks">
        <input
          id="scan-region"
          class="field"
          required
          pattern="[a-z0-9\-]{1,40}"
          autocomplete="off"
          value={region}
          onInput={(event) => region.value = event.currentTarget.value}
        />
      </Field>
      <p class="break text-sm sm:col-span-2" role="status">
        {isTyped && (problems.length > 0
          ? <span class="text-warn">{problems.slice(0, 3).join("; ")}</span>
          : (
            <span class="text-text-2">
              {addresses.length === 1
                ? "1 address"
                : `${addresses.length.toLocaleString("en-US")} addresses`}
            </span>
          ))}
      </p>
      {change.problem.value && (
        <p class="break text-bad sm:col-span-2" role="alert">{change.problem.value}</p>
      )}
      <div class="sm:col-span-2">
        <button
          type="submit"
          class="btn btn-primary"
          disabled={change.isBusy.value || (isTyped && problems.length > 0)}
        >
          {change.isBusy.value ? "Starting…" : "Scan"}
        </button>
      </div>
    </form>
  );
}
