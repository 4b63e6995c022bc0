import { EVENT_KINDS } from "@/core/contract/device.ts";
import { PageHeader } from "@/components/PageHeader.tsx";
import EventFeed from "@/islands/EventFeed.tsx";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { define } from "./define.ts";

const PAGE_SIZE = 100;
const SEVERITIES = ["info", "warning", "critical"] as const;

export const handler = define.handlers({
  async GET({ url, state: { api } }) {
    const severity = SEVERITIES.find((one) => one === url.searchParams.get("severity"));
    const kind = EVENT_KINDS.find((one) => one === url.searchParams.get("kind"));
    const cursor = url.searchParams.get("cursor") ?? undefined;
    const query = {
      limit: String(PAGE_SIZE),
      ...(severity && { severity }),
      ...(kind && { kind }),
      ...(cursor && { cursor }),
    };
    const events = await data(api.events.$get({ query }));
    return page({ events, severity, kind, cursor, renderedAt: Date.now() });
  },
});

export const title = "Events";

export default define.page<typeof handler>(({ data }) => {
  const { events, severity, kind, cursor, renderedAt } = data;
  const next = new URLSearchParams({
    ...(severity && { severity }),
    ...(kind && { kind }),
    ...(events.nextCursor && { cursor: events.nextCursor }),
  });
  return (
    <>
      <PageHeader title="Events">
        Status changes, reboots, upgrades, certificates and edits, newest first.
      </PageHeader>
      <form class="mb-3 flex flex-wrap gap-2" action="/events">
        <select class="field max-w-40" name="severity" aria-label="Severity">
          <option value="">Any severity</option>
          {SEVERITIES.map((one) => (
            <option key={one} value={one} selected={one === severity}>{one}</option>
          ))}
        </select>
        <select class="field max-w-60" name="kind" aria-label="Kind">
          <option value="">Any kind</option>
          {EVENT_KINDS.map((one) => (
            <option key={one} value={one} selected={one === kind}>{one}</option>
          ))}
        </select>
        <button type="submit" class="btn">Filter</button>
      </form>
      <section class="panel p-4">
        {cursor || severity || kind
          ? (
            // A filtered or older page stands still: live events do not belong on it.
            <EventFeed initial={events.items} renderedAt={renderedAt} keep={0} deviceId="none" />
          )
          : <EventFeed initial={events.items} renderedAt={renderedAt} keep={PAGE_SIZE} />}
      </section>
      {events.nextCursor && <a class="btn mt-3" href={`/events?${next}`}>Older events</a>}
    </>
  );
});
