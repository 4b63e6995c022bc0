import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { EventRow } from "@/components/EventRow.tsx";
import { type EventFilter, type FleetEvent, matchesEvent } from "@/core/contract/events.ts";
import { count } from "@/core/contract/format.ts";
import { localDay } from "@/core/contract/zone_time.ts";
import { ask } from "../ask.ts";
import { follow, now } from "../live.ts";
import { withEvent } from "./with_event.ts";

/** After a gap all pages read again: not all at once. */
const REREAD_WITHIN_MS = 3_000;
/** Where the browser cannot tell whether an event belongs here it asks, this often at most. */
const ASK_EVERY_MS = 2_000;

/** Events by day, newest first. The first page grows as things happen, unless it is held. */
export default function EventTimeline({ initial, renderedAt, keep, live }: {
  initial: FleetEvent[];
  renderedAt: number;
  keep: number;
  /** `null`: an older page, or one that ends in the past; it stands still. */
  live: {
    filter: EventFilter;
    /** API address of this page. */
    reload: string;
    /** The filter holds what an event does not tell of itself. */
    mustAsk: boolean;
  } | null;
}) {
  const events = useSignal(initial);
  const clock = useSignal(renderedAt);
  const isHeld = useSignal(false);
  const waiting = useSignal<FleetEvent[]>([]);
  const fresh = useSignal<ReadonlySet<string>>(new Set());

  const show = (event: FleetEvent) => {
    if (!events.value.some(({ id }) => id === event.id)) {
      fresh.value = new Set([...fresh.value, event.id].slice(-keep));
    }
    events.value = withEvent(events.value, event, keep);
  };

  const release = () => {
    isHeld.value = false;
    for (const event of waiting.value.toReversed()) show(event);
    waiting.value = [];
  };

  useEffect(() => {
    const untick = now.subscribe((time) => clock.value = time);
    if (!live) return untick;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const reread = async () => {
      timer = undefined;
      if (isHeld.value) return;
      const response = await ask(live.reload).catch(() => undefined);
      if (response?.ok) events.value = (await response.json() as { items: FleetEvent[] }).items;
    };
    const stop = follow({
      event: (event) => {
        if (!matchesEvent(event, live.filter)) return;
        if (live.mustAsk) timer ??= setTimeout(() => void reread(), ASK_EVERY_MS);
        else if (isHeld.value) waiting.value = withEvent(waiting.value, event, keep);
        else show(event);
      },
      reset: () => {
        clearTimeout(timer);
        timer = setTimeout(() => void reread(), Math.random() * REREAD_WITHIN_MS);
      },
    });
    return () => {
      stop();
      untick();
      clearTimeout(timer);
    };
  }, []);

  const days = Map.groupBy(events.value, ({ at }) => localDay(at));
  return (
    <>
      {live && (
        <div class="mb-2 flex flex-wrap items-center gap-2">
          <button
            type="button"
            class="btn"
            aria-pressed={isHeld.value}
            onClick={() => isHeld.value ? release() : isHeld.value = true}
          >
            {isHeld.value ? "Go on" : "Pause"}
          </button>
          <span class="text-sm text-text-2" role="status">
            {isHeld.value
              ? waiting.value.length > 0
                ? `Paused: ${count(waiting.value.length)} new`
                : "Paused: nothing new yet"
              : "New events appear on top."}
          </span>
        </div>
      )}
      {[...days].map(([day, list]) => (
        <section key={day} class="mb-4" aria-labelledby={`day-${day}`}>
          <h2
            id={`day-${day}`}
            class="sticky top-0 z-10 bg-bg py-1 text-sm font-medium text-text-2"
          >
            {dayName(day)}
          </h2>
          <ol class="panel divide-y divide-line px-4" aria-label={`Events of ${dayName(day)}`}>
            {list.map((event) => (
              <EventRow
                key={event.id}
                event={event}
                nowMs={clock.value}
                isNew={fresh.value.has(event.id)}
                at="clock"
              />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

const DAY = new Intl.DateTimeFormat("en-GB", {
  ...{ weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const,
});

/** "Monday 31 January 2026" */
function dayName(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`)).replace(",", "");
}
