import { LOG_SEVERITY_NAMES } from "@/core/contract/device_logs.ts";

/** What a logs page filters by; all of it is in its address. */
export type LogPageFilter = Partial<Record<"q" | "severity" | "topic" | "from" | "to", string>>;

const WORDS = {
  critical: "Critical",
  error: "Error or worse",
  warning: "Warning or worse",
  info: "Info or worse",
  debug: "Everything",
};
/** Those one looks for most; any other can be typed. */
const TOPICS = [
  ...["account", "bridge", "caps", "dhcp", "dns", "firewall", "hotspot", "interface", "ipsec"],
  ...["l2tp", "ospf", "ppp", "pppoe", "route", "script", "system", "wireguard", "wireless"],
];

/** The form over stored log lines. */
export function LogFilters({ action, filter }: { action: string; filter: LogPageFilter }) {
  return (
    <form class="mb-3 flex flex-wrap items-center gap-2" role="search" action={action}>
      <input
        type="search"
        name="q"
        value={filter.q ?? ""}
        maxlength={200}
        class="field sm:max-w-72 sm:flex-1"
        placeholder="Search messages"
        aria-label="Search messages"
      />
      <select class="field max-w-44" name="severity" aria-label="Severity">
        <option value="">Any severity</option>
        {LOG_SEVERITY_NAMES.filter((name) => name !== "debug").map((name) => (
          <option key={name} value={name} selected={name === filter.severity}>
            {WORDS[name]}
          </option>
        ))}
      </select>
      <input
        name="topic"
        value={filter.topic ?? ""}
        maxlength={40}
        class="field max-w-36"
        placeholder="Topic"
        aria-label="Topic"
        list="log-topics"
        autocomplete="off"
      />
      <datalist id="log-topics">
        {TOPICS.map((name) => <option key={name} value={name} />)}
      </datalist>
      <label class="flex items-center gap-1.5 text-sm text-text-2">
        From
        <input type="date" name="from" value={filter.from ?? ""} class="field max-w-40" />
      </label>
      <label class="flex items-center gap-1.5 text-sm text-text-2">
        to
        <input type="date" name="to" value={filter.to ?? ""} class="field max-w-40" />
      </label>
      <button type="submit" class="btn">Filter</button>
      {Object.keys(filter).length > 0 && <a class="btn" href={action}>Clear</a>}
    </form>
  );
}
