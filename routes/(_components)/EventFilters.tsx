import {
  EVENT_GROUPS,
  EVENT_KINDS,
  EVENT_SEVERITIES,
  eventGroupOf,
  eventKindLabel,
} from "@/core/contract/events.ts";

/** What an events page filters by; all of it is in its address. */
export type EventPageFilter = Partial<
  Record<"q" | "kind" | "severity" | "site" | "from" | "to" | "device", string>
>;

const SEVERITY_WORDS = { info: "Info", warning: "Warning", critical: "Critical" };

/** The form over events. `sites` absent: the page belongs to one router. */
export function EventFilters({ action, filter, sites }: {
  action: string;
  filter: EventPageFilter;
  sites?: readonly string[];
}) {
  const { device: _, ...shown } = filter;
  return (
    <form class="mb-3 flex flex-wrap items-center gap-2" role="search" action={action}>
      <input
        type="search"
        name="q"
        value={filter.q ?? ""}
        maxlength={200}
        class="field sm:max-w-64 sm:flex-1"
        placeholder={sites ? "Search message and router" : "Search messages"}
        aria-label={sites ? "Search message and router" : "Search messages"}
      />
      <select class="field max-w-52" name="kind" aria-label="Kind">
        <option value="">Any kind</option>
        {Object.entries(EVENT_GROUPS).map(([group, label]) => {
          const kinds = EVENT_KINDS.filter((kind) => eventGroupOf(kind) === group);
          if (kinds.length === 0) return null;
          return (
            <optgroup key={group} label={label}>
              <option value={group} selected={filter.kind === group}>All: {label}</option>
              {kinds.length > 1 &&
                kinds.map((kind) => (
                  <option key={kind} value={kind} selected={filter.kind === kind}>
                    {eventKindLabel(kind)}
                  </option>
                ))}
            </optgroup>
          );
        })}
      </select>
      <select class="field max-w-36" name="severity" aria-label="Severity">
        <option value="">Any severity</option>
        {EVENT_SEVERITIES.map((one) => (
          <option key={one} value={one} selected={one === filter.severity}>
            {SEVERITY_WORDS[one]}
          </option>
        ))}
      </select>
      {sites && sites.length > 0 && (
        <>
          <input
            name="site"
            value={filter.site ?? ""}
            class="field max-w-44"
            list="event-sites"
            placeholder="Site"
            aria-label="Site"
            autocomplete="off"
          />
          <datalist id="event-sites">
            {sites.map((path) => <option key={path} value={path} />)}
          </datalist>
        </>
      )}
      <label class="flex items-center gap-1.5 text-sm text-text-2">
        From
        <input type="date" name="from" value={filter.from ?? ""} class="field max-w-40" />
      </label>
      <label class="flex items-center gap-1.5 text-sm text-text-2">
        to
        <input type="date" name="to" value={filter.to ?? ""} class="field max-w-40" />
      </label>
      <button type="submit" class="btn">Filter</button>
      {Object.keys(shown).length > 0 && <a class="btn" href={action}>Clear</a>}
    </form>
  );
}
