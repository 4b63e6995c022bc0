import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Problem } from "@/components/Problem.tsx";
import { AUDIT_OUTCOMES, type AuditChainState } from "@/core/contract/audit.ts";
import { ago, count, utc } from "@/core/contract/format.ts";
import { timesAre } from "@/core/contract/zone_time.ts";
import AuditLog from "@/islands/AuditLog.tsx";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { dayFilter } from "./day_filter.ts";
import { define } from "./define.ts";
import { AuditFilters } from "./(_components)/AuditFilters.tsx";
import { linkTo } from "./(_components)/link_to.ts";

const PAGE_SIZE = 50;

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

export default define.page<typeof handler>(({ data }) => {
  const { filter, query, cursor, log, nowMs, mayExport } = data;
  const { items, nextCursor, chain } = log;
  const isFiltered = Object.keys(filter).length > 0;
  const reload = linkTo("/api/audit", { ...query, limit: String(PAGE_SIZE) });
  const exportAs = (format: string) => linkTo("/api/audit/export", { ...query, format });
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
        Who did what, newest first. {timesAre()} <ChainState chain={chain} nowMs={nowMs} />
      </PageHeader>
      {chain.brokenSeq && (
        <Problem title={`The chain is broken at entry ${chain.brokenSeq}`}>
          {chain.brokenReason}. Somebody changed the database past TOD: export the log, check it
          with <code>tod audit verify --head=…</code>{" "}
          against a hash that was kept elsewhere, and restore from a backup of before.
        </Problem>
      )}
      <AuditFilters filter={filter} isFiltered={isFiltered} />
      {items.length > 0
        ? (
          <AuditLog
            initial={items}
            renderedAt={nowMs}
            // An older page stands still: what is new does not belong on it.
            reload={cursor === undefined ? reload : null}
          />
        )
        : nextCursor
        ? (
          <EmptyState
            title="No entry matches so far"
            action={{
              href: linkTo("/audit", { ...filter, cursor: nextCursor }),
              label: "Search older entries",
            }}
          >
            A long log is searched in parts; this part has nothing that fits.
          </EmptyState>
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
        {cursor && <a class="btn" href={linkTo("/audit", filter)}>Newest</a>}
        {nextCursor && (
          <a class="btn" href={linkTo("/audit", { ...filter, cursor: nextCursor })}>Older</a>
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
