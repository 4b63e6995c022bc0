import { csvPages } from "@/core/csv_pages.ts";
import { demand, type Scope } from "@/core/scope.ts";
import { listLogs, type LogQuery } from "./list_logs.ts";

const MAX_ROWS = 100_000;
const PAGE = 500;
const COLUMNS = ["at", "router", "severity", "topics", "message", "router_time"];

/** The lines of a query as CSV, newest first. Times are UTC. */
export function exportLogs(scope: Scope, query: LogQuery): AsyncIterable<string> {
  demand(scope, "logs:read");
  let left = MAX_ROWS;
  return csvPages(
    COLUMNS,
    async (cursor) => {
      const limit = Math.min(PAGE, left);
      const { lines, nextCursor } = await listLogs(scope, { ...query, cursor, limit });
      left -= lines.length;
      return { items: lines, nextCursor: left > 0 ? nextCursor : null };
    },
    ({ at, deviceName, severity, topics, message, deviceTime }) => [
      ...[at, deviceName, severity, topics.join(","), message, deviceTime],
    ],
  );
}
