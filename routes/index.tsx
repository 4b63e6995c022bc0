import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import EventFeed from "@/islands/EventFeed.tsx";
import FleetStats from "@/islands/FleetStats.tsx";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { define } from "./define.ts";

const EVENTS = 12;

export const handler = define.handlers({
  async GET({ state: { api } }) {
    const [summary, events] = await Promise.all([
      data(api.fleet.summary.$get()),
      data(api.events.$get({ query: { limit: String(EVENTS) } })),
    ]);
    return page({ summary, events: events.items, renderedAt: Date.now() });
  },
});

export const title = "Overview";

export default define.page<typeof handler>(({ data: { summary, events, renderedAt } }) => (
  <>
    <PageHeader title="Overview">The whole fleet, live.</PageHeader>
    {summary.total === 0
      ? (
        <EmptyState
          title="No router yet"
          action={{ href: "/devices/new", label: "Add the first router" }}
        >
          This page shows the health of your fleet once a router is polled.
        </EmptyState>
      )
      : <FleetStats initial={summary} />}
    <section class="panel mt-4 p-4" aria-labelledby="events">
      <h2 id="events" class="mb-1 flex font-semibold">
        Events
        <a class="ml-auto font-normal text-accent hover:underline" href="/events">All events</a>
      </h2>
      <EventFeed initial={events} renderedAt={renderedAt} keep={EVENTS} />
    </section>
  </>
));
