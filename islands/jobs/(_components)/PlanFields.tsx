import { Field } from "@/components/Field.tsx";
import { StartingInput } from "../../templates/(_components)/StartingInput.tsx";
import type { WaveSize } from "@/core/contract/bulk_jobs.ts";

const WAVES = "1, 10 %, 50 %, 100 %";

/** How a job goes through its routers. */
export function PlanFields() {
  return (
    <section aria-labelledby="job-plan">
      <h2 id="job-plan" class="mb-2 text-lg">How</h2>
      <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <Field
          label="Waves"
          name="job-waves"
          hint="So many routers, or so many of a hundred, when each is over. The first is the canary."
        >
          <StartingInput
            id="job-waves"
            name="waves"
            class="field"
            required
            pattern="\s*\d{1,5}\s*%?(\s*,\s*\d{1,5}\s*%?){0,9}\s*"
            title={WAVES}
            initial={WAVES}
          />
        </Field>
        <Number name="concurrency" label="Routers at a time" value={10} min={1} max={100} />
        <Number
          {...{ name: "haltPercent", label: "Halt when more fail, %", value: 10, min: 0, max: 100 }}
          hint="Of the routers begun so far; 0: at the first"
        />
        <Number
          {...{ name: "pauseSeconds", label: "Pause between waves, seconds", value: 0 }}
          {...{ min: 0, max: 86_400 }}
        />
        <Number
          {...{ name: "expiresInHours", label: "Wait for offline routers, hours", value: 24 }}
          {...{ min: 1, max: 720 }}
        />
        <Field label="Begin at" name="job-start" hint="Empty: at once. Your browser's time.">
          <input id="job-start" name="startAt" type="datetime-local" class="field" />
        </Field>
        <label class="flex items-center gap-2 sm:col-span-2 lg:col-span-3">
          <input type="checkbox" name="needsApproval" />
          After the canary somebody must approve the rest
        </label>
      </div>
    </section>
  );
}

function Number({ name, label, hint, value, min, max }: {
  name: string;
  label: string;
  hint?: string;
  value: number;
  min: number;
  max: number;
}) {
  return (
    <Field label={label} name={`job-${name}`} {...(hint && { hint })}>
      <StartingInput
        id={`job-${name}`}
        name={name}
        type="number"
        class="field"
        required
        min={min}
        max={max}
        initial={String(value)}
      />
    </Field>
  );
}

/** What the fields ask for. */
export function planOf(data: FormData): Record<string, unknown> {
  const number = (name: string) => globalThis.Number(data.get(name));
  const waves = String(data.get("waves")).split(",").map((part): WaveSize => {
    const size = globalThis.Number(/\d+/.exec(part)?.[0]);
    return part.includes("%") ? { by: "percent", percent: size } : { by: "count", count: size };
  });
  return {
    ...{ waves, concurrency: number("concurrency"), haltPercent: number("haltPercent") },
    ...{ pauseSeconds: number("pauseSeconds"), expiresInHours: number("expiresInHours") },
    needsApproval: data.get("needsApproval") !== null,
  };
}
