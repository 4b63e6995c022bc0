import type { FleetEvent } from "@/core/contract/events.ts";

/** A list, newest first, with an event that came: one that has grown is shown where it stands. */
export function withEvent(
  events: readonly FleetEvent[],
  event: FleetEvent,
  keep: number,
): FleetEvent[] {
  const at = events.findIndex(({ id }) => id === event.id);
  if (at >= 0) return events.with(at, event);
  const place = events.findIndex((one) => one.at <= event.at);
  return events.toSpliced(place < 0 ? events.length : place, 0, event).slice(0, keep);
}
