import { useRef } from "preact/hooks";
import { fixedRange, lastOf, RANGES, type TimeRange } from "@/core/contract/time_range.ts";

/** The time range of all charts of the page: the last hours or days, or from one moment to another. */
export function RangePicker({ range, onChange }: {
  range: TimeRange;
  onChange(range: TimeRange): void;
}) {
  const details = useRef<HTMLDetailsElement>(null);
  const [from, to] = range.kind === "fixed" ? [range.from, range.to] : [undefined, undefined];
  const apply = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const at = (name: string) => new Date(String(data.get(name))).getTime();
    const chosen = fixedRange(at("from"), at("to"));
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("to");
    if (field instanceof HTMLInputElement) {
      field.setCustomValidity(chosen ? "" : "Must be after the beginning, by ten years at most");
      field.reportValidity();
    }
    if (!chosen) return;
    details.current?.removeAttribute("open");
    onChange(chosen);
  };
  return (
    <div class="flex flex-wrap items-center gap-1.5" role="group" aria-label="Time range">
      {RANGES.map(({ name, label }) => (
        <button
          key={name}
          type="button"
          class="chip"
          aria-current={range.kind === "last" && range.name === name ? "true" : undefined}
          onClick={() => onChange(lastOf(name))}
        >
          {label}
        </button>
      ))}
      <details ref={details} class="relative">
        <summary
          class="chip list-none"
          aria-current={range.kind === "fixed" ? "true" : undefined}
        >
          {from && to ? `${local(from)} – ${local(to)}`.replaceAll("T", " ") : "Custom"}
        </summary>
        <form
          class="panel absolute left-0 z-10 mt-1 grid w-64 gap-2 p-3 shadow-pop"
          onSubmit={apply}
        >
          <label>
            From
            <input
              class="field"
              type="datetime-local"
              name="from"
              required
              value={from && local(from)}
            />
          </label>
          <label>
            To
            <input
              class="field"
              type="datetime-local"
              name="to"
              required
              value={to && local(to)}
              onInput={(event) => event.currentTarget.setCustomValidity("")}
            />
          </label>
          <button type="submit" class="btn btn-primary">Show this time</button>
        </form>
      </details>
    </div>
  );
}

/** As a date field takes it: local time, to the minute. */
function local(iso: string): string {
  return new Date(iso).toLocaleString("sv-SE").slice(0, 16).replace(" ", "T");
}
