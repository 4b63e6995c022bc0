import { eventKindLabel } from "@/core/contract/events.ts";
import { csvPages } from "@/core/csv_pages.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { type EventQuery, listEvents } from "./list_events.ts";

const MAX_ROWS = 100_000;
const PAGE = 500;
const COLUMNS = ["at", "last_at", "count", "severity", "kind", "what", "router", "message"];

/** The events of a query as CSV, newest first. Times are UTC. */
export function exportEvents(scope: Scope, query: EventQuery): AsyncIterable<string> {
  demand(scope, "events:read");
  let left = MAX_ROWS;
  return csvPages(
    COLUMNS,
    async (cursor) => {
      const limit = Math.min(PAGE, left);
      const { events, nextCursor } = await listEvents(scope, { ...query, cursor, limit });
      left -= events.length;
      return { items: events, nextCursor: left > 0 ? nextCursor : null };
    },
    ({ at, lastAt, count, severity, kind, deviceName, message }) => [
      ...[at, lastAt, count, severity, kind, eventKindLabel(kind)],
      ...[deviceName, message],
    ],
  );
}
