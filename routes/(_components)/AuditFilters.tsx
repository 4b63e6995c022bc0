/** How actions begin that one often looks for; any other can be typed. */
const ACTIONS = [
  ...["device", "login", "user", "session", "role", "api_key", "tenant", "audit", "transparency"],
];

/** What the page filters by; all of it is in its address. */
export type AuditPageFilter = Partial<
  Record<"q" | "action" | "actor" | "targetKind" | "targetId" | "outcome" | "from" | "to", string>
>;

/** The form over the audit log. */
export function AuditFilters({ filter, isFiltered }: {
  filter: AuditPageFilter;
  isFiltered: boolean;
}) {
  return (
    <form class="mb-3 flex flex-wrap items-center gap-2" role="search" action="/audit">
      <input
        type="search"
        name="q"
        value={filter.q ?? ""}
        class="field sm:max-w-72 sm:flex-1"
        placeholder="Search who, what, target"
        aria-label="Search who, what, target"
      />
      <input
        name="action"
        value={filter.action ?? ""}
        class="field max-w-40"
        placeholder="Action, as login"
        aria-label="Action begins with"
        list="actions"
        pattern="[a-z][a-z0-9_.]*"
        autocomplete="off"
      />
      <datalist id="actions">
        {ACTIONS.map((name) => <option key={name} value={name} />)}
      </datalist>
      <select class="field max-w-36" name="outcome" aria-label="Outcome">
        <option value="">Any outcome</option>
        <option value="ok" selected={filter.outcome === "ok"}>Done</option>
        <option value="refused" selected={filter.outcome === "refused"}>Refused</option>
      </select>
      <label class="flex items-center gap-1.5 text-sm text-text-2">
        From
        <input type="date" name="from" value={filter.from ?? ""} class="field max-w-40" />
      </label>
      <label class="flex items-center gap-1.5 text-sm text-text-2">
        to
        <input type="date" name="to" value={filter.to ?? ""} class="field max-w-40" />
      </label>
      {filter.actor && <input type="hidden" name="actor" value={filter.actor} />}
      {filter.targetKind && <input type="hidden" name="targetKind" value={filter.targetKind} />}
      {filter.targetId && <input type="hidden" name="targetId" value={filter.targetId} />}
      <button type="submit" class="btn">Filter</button>
      {isFiltered && <a class="btn" href="/audit">Clear</a>}
      {filter.actor && <Chosen name="Who" value={filter.actor} />}
      {filter.targetId && (
        <Chosen name="Target" value={`${filter.targetKind ?? ""} ${filter.targetId}`} />
      )}
    </form>
  );
}

function Chosen({ name, value }: { name: string; value: string }) {
  return (
    <span class="chip" aria-current="true">
      {name}: <bdi class="mono max-w-48 truncate">{value}</bdi>
    </span>
  );
}
