import { EmptyState } from "@/components/EmptyState.tsx";
import EventTimeline from "@/islands/events/EventTimeline.tsx";
import { EventFilters, type EventPageFilter } from "./EventFilters.tsx";
import type { EventsPage } from "./read_events.ts";
import { linkTo } from "./link_to.ts";

/** Filters, timeline and paging: for the whole fleet, or for one router. */
export function Events({ path, page, sites }: {
  path: string;
  page: EventsPage;
  sites?: readonly string[];
}) {
  const { filter, events, cursor, keep, live, renderedAt } = page;
  const older = events.nextCursor && linkTo(path, { ...filter, cursor: events.nextCursor });
  return (
    <>
      <EventFilters action={path} filter={filter} {...(sites && { sites })} />
      {events.items.length > 0 || live
        ? (
          <EventTimeline
            initial={events.items}
            renderedAt={renderedAt}
            keep={keep}
            live={live}
          />
        )
        : null}
      {events.items.length === 0 && (
        // Gone as soon as something happens.
        <div class="[main:has([data-event])_&]:hidden">
          <Nothing {...{ path, filter, older }} />
        </div>
      )}
      <nav class="mt-3 flex gap-2" aria-label="Pages">
        {cursor && <a class="btn" href={linkTo(path, filter)}>Newest</a>}
        {older && (
          <a class="btn" href={older}>{events.isPartial ? "Search older events" : "Older"}</a>
        )}
      </nav>
    </>
  );
}

function Nothing({ path, filter, older }: {
  path: string;
  filter: EventPageFilter;
  older: string | null;
}) {
  if (older) {
    return (
      <EmptyState
        title="No event matches so far"
        action={{ href: older, label: "Search older events" }}
      >
        A long history is searched in parts; this part has nothing that fits.
      </EmptyState>
    );
  }
  if (Object.keys(filter).length > 0) {
    return (
      <EmptyState title="No event matches" action={{ href: path, label: "Show all" }}>
        Nothing that happened fits these filters.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="Nothing has happened yet">
      Routers that come and go, restarts, upgrades, logins and changes of configuration will be
      listed here. Logins and changes need the routers' logs: see Logs.
    </EmptyState>
  );
}
