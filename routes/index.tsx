import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { TREND_SPANS } from "@/core/contract/overview.ts";
import EventFeed from "@/islands/EventFeed.tsx";
import FleetStats from "@/islands/FleetStats.tsx";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { define } from "./define.ts";
import { may } from "./permit.ts";

const EVENTS = 12;

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const q = (url.searchParams.get("q") ?? "").trim().slice(0, 500);
    const wanted = Number(url.searchParams.get("hours"));
    const hours = TREND_SPANS.find((span) => span.hours === wanted)?.hours ?? 24;
    const among = q ? { q } : {};
    const [summary, trends, trouble] = await Promise.all([
      data(api.fleet.summary.$get({ query: among })),
      data(api.fleet.trends.$get({ query: { ...among, hours: String(hours) } })),
      may(me, "events:read")
        ? data(api.fleet.trouble.$get({ query: { ...among, limit: String(EVENTS) } }))
        : null,
    ]);
    return page({
      ...{ q, summary, trends, trouble: trouble?.items, renderedAt: Date.now() },
      seesTenants: may(me, "tenants:read"),
      mayAdd: may(me, "devices:write"),
    });
  },
});

export const title = "Overview";

export default define.page<typeof handler>(({ data }) => {
  const { q, summary, trends, trouble, renderedAt, seesTenants, mayAdd } = data;
  return (
    <>
      <PageHeader
        title="Overview"
        actions={seesTenants && <a class="btn" href="/tenants">All tenants</a>}
      >
        {q ? <>Routers that fit “{q}”, live.</> : "The whole fleet, live."}
      </PageHeader>
      {summary.total === 0 && q === ""
        ? (
          <EmptyState
            title="No router yet"
            {...(mayAdd && { action: { href: "/devices/new", label: "Add the first router" } })}
          >
            This page shows the health of your fleet once a router is polled.
          </EmptyState>
        )
        : (
          <>
            <form class="mb-4 flex flex-wrap items-center gap-2" role="search" action="/">
              <input
                type="search"
                name="q"
                value={q}
                class="field max-w-md flex-1"
                placeholder='A part of the fleet: site:"North", tag:core'
                aria-label="Show a part of the fleet"
              />
              <input type="hidden" name="hours" value={trends.hours} />
              <button type="submit" class="btn">Show</button>
              {q && <a class="btn" href="/">Whole fleet</a>}
            </form>
            {summary.problems.map((problem) => (
              <p key={problem} class="mb-3 text-sm text-warn" role="status">{problem}</p>
            ))}
            {summary.total === 0
              ? (
                <EmptyState title="No router fits" action={{ href: "/", label: "Whole fleet" }}>
                  Nothing fits “{q}”.
                </EmptyState>
              )
              : <FleetStats q={q} initial={summary} initialTrends={trends} />}
          </>
        )}
      {trouble && (
        <section class="panel mt-4 p-4" aria-labelledby="trouble">
          <h2 id="trouble" class="mb-1 flex font-semibold">
            Recent trouble
            <a class="ml-auto font-normal text-accent hover:underline" href="/events">All events</a>
          </h2>
          <EventFeed
            initial={trouble}
            renderedAt={renderedAt}
            keep={EVENTS}
            isTrouble
            isHeld={q !== ""}
          />
        </section>
      )}
    </>
  );
});
