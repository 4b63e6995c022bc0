import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Problem } from "@/components/Problem.tsx";
import { AUDIT_OUTCOMES, type AuditChainState } from "@/core/contract/audit.ts";
import { ago, count, utc } from "@/core/contract/format.ts";
import AuditLog from "@/islands/AuditLog.tsx";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { dayFilter } from "./day_filter.ts";
import { define } from "./define.ts";

const PAGE_SIZE = 50;

/** How actions begin that one often looks for; any other can be typed. */
const ACTIONS = [
  ...["device", "login", "user", "session", "role", "api_key", "tenant", "audit", "transparency"],
];
const FILTERS = ["q", "action", "actor", "targetKind", "targetId", "outcome"] as const;

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const { searchParams } = url;
    const given = FILTERS.flatMap((name) => {
      const value = searchParams.get(name)?.trim();
      return value ? [[name, value] as const] : [];
    });
    const filter: Partial<Record<typeof FILTERS[number], string>> = Object.fromEntries(given);
    const days = dayFilter(searchParams);
    const cursor = searchParams.get("cursor") ?? undefined;
    const outcome = AUDIT_OUTCOMES.find((one) => one === filter.outcome);
    const query = { ...filter, outcome, ...days.range };
    const log = await data(api.audit.$get({
      query: { ...query, limit: String(PAGE_SIZE), ...(cursor && { cursor }) },
    }));
    return page({
      filter: { ...filter, ...days.shown },
      ...{ query, cursor, log, nowMs: Date.now() },
      mayExport: me?.permissions.includes("audit:export") ?? false,
    });
  },
});

export const title = "Audit log";

/** Only what is set, as a query. */
function queryOf(values: Record<string, string | undefined>): string {
  const set = Object.entries(values).filter((entry): entry is [string, string] => !!entry[1]);
  return set.length === 0 ? "" : `?${new URLSearchParams(set)}`;
}

export default define.page<typeof handler>(({ data }) => {
  const { filter, query, cursor, log, nowMs, mayExport } = data;
  const { items, nextCursor, chain } = log;
  const isFiltered = Object.keys(filter).length > 0;
  const reload = `/api/audit${queryOf({ ...query, limit: String(PAGE_SIZE) })}`;
  const exportAs = (format: string) => `/api/audit/export${queryOf({ ...query, format })}`;
  return (
    <>
      <PageHeader
        title="Audit log"
        actions={mayExport && (
          <>
            <a class="btn" href={exportAs("csv")} download>
              <span class="hidden sm:inline">Export</span> CSV
            </a>
            <a class="btn" href={exportAs("jsonl")} download>
              <span class="hidden sm:inline">Export</span> JSON Lines
            </a>
          </>
        )}
      >
        Who did what, newest first. Times are UTC. <ChainState chain={chain} nowMs={nowMs} />
      </PageHeader>
      {chain.brokenSeq && (
        <Problem title={`The chain is broken at entry ${chain.brokenSeq}`}>
          {chain.brokenReason}. Somebody changed the database past TOD: export the log, check it
          with <code>tod audit verify --head=…</code>{" "}
          against a hash that was kept elsewhere, and restore from a backup of before.
        </Problem>
      )}
      <Filters filter={filter} isFiltered={isFiltered} />
      {items.length > 0
        ? (
          <AuditLog
            initial={items}
            renderedAt={nowMs}
            // An older page stands still: what is new does not belong on it.
            reload={cursor === undefined ? reload : null}
          />
        )
        : isFiltered || cursor
        ? (
          <EmptyState title="No entry matches" action={{ href: "/audit", label: "Show all" }}>
            Nothing in the log fits these filters. Details are encrypted and not searched.
          </EmptyState>
        )
        : (
          <EmptyState title="Nothing happened yet">
            Each change, sign-in, refusal and export will be an entry here, from the first one on.
          </EmptyState>
        )}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {cursor && <a class="btn" href={`/audit${queryOf(filter)}`}>Newest</a>}
        {nextCursor && (
          <a class="btn" href={`/audit${queryOf({ ...filter, cursor: nextCursor })}`}>Older</a>
        )}
      </nav>
    </>
  );
});

function ChainState({ chain, nowMs }: { chain: AuditChainState; nowMs: number }) {
  const { headSeq, headHash, checkedAt, brokenSeq } = chain;
  if (headSeq === "0") return null;
  return (
    <span title={`Hash of the last entry:\n${headHash}`}>
      {count(Number(headSeq))} {headSeq === "1" ? "entry" : "entries"}
      {checkedAt && !brokenSeq && (
        <>
          , chain found whole{" "}
          <time dateTime={checkedAt} title={utc(checkedAt)}>
            {ago(checkedAt, nowMs)}
          </time>
        </>
      )}.
    </span>
  );
}

function Filters({ filter, isFiltered }: {
  filter: Partial<Record<typeof FILTERS[number] | "from" | "to", string>>;
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
