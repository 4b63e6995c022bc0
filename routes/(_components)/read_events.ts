import { EVENT_SEVERITIES, EventKindFilter } from "@/core/contract/events.ts";
import { data } from "../api_data.ts";
import { dayFilter } from "../day_filter.ts";
import type { ApiClient } from "../http/api_client.ts";
import type { EventPageFilter } from "./EventFilters.tsx";
import { linkTo } from "./link_to.ts";

const PAGE_SIZE = 100;

export type EventsPage = Awaited<ReturnType<typeof readEvents>>;

/** What an events page shows, from its address. `deviceId`: of this router alone. */
export async function readEvents(api: ApiClient, { searchParams }: URL, deviceId?: string) {
  const text = (name: string) => searchParams.get(name)?.trim() || undefined;
  const kind = text("kind");
  const severity = EVENT_SEVERITIES.find((one) => one === text("severity"));
  const site = deviceId === undefined ? text("site") : undefined;
  const q = text("q")?.slice(0, 200);
  const days = dayFilter(searchParams);
  const isKind = kind !== undefined && EventKindFilter.safeParse(kind).success;
  const chosen = {
    ...(q && { q }),
    ...(isKind && { kind }),
    ...(severity && { severity }),
    ...(site && { site }),
  };
  const filter: EventPageFilter = { ...chosen, ...days.shown };
  const cursor = text("cursor");
  const query = { ...chosen, ...days.range, ...(deviceId && { device: deviceId }) };
  const limit = String(PAGE_SIZE);
  const events = await data(
    api.events.$get({ query: { ...query, limit, ...(cursor && { cursor }) } }),
  );
  const isOver = days.range.to !== undefined && Date.parse(days.range.to) <= Date.now();
  return {
    ...{ filter, query, cursor, events, keep: PAGE_SIZE, renderedAt: Date.now() },
    live: cursor || isOver ? null : {
      filter: { deviceId, kinds: isKind ? [kind] : undefined, severity, q },
      reload: linkTo("/api/events", { ...query, limit }),
      mustAsk: site !== undefined,
    },
  };
}
