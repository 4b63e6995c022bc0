import { severityOf } from "@/core/contract/device_logs.ts";
import type { LogParams } from "@/core/contract/runs/log.ts";
import type { Row } from "@/core/wire/routeros/mod.ts";
import { topicsOf } from "@/core/wire/syslog/mod.ts";
import { stayAlive } from "../router_command.ts";
import type { Runner } from "../runner.ts";

const COLUMNS = [".id", "time", "topics", "message"];
/** Lines that come while the ones before are still read. */
const MAX_WAITING = 500;

/**
 * `/log`: the last lines, then each new one. New ones are listened for before the old ones are read, so
 * that none falls between; what comes both ways is told by its id.
 */
export const log: Runner<LogParams> = async (context) => {
  const { params, signal, output } = context;
  using session = await context.open();
  const shown = new Set<string>();
  let waiting: Row[] | undefined = [];
  const show = (row: Row) => {
    const id = row[".id"] ?? "";
    // A line that makes room for a newer one is told, too.
    if (/^(yes|true)$/.test(row[".dead"] ?? "") || (id !== "" && shown.has(id))) return;
    shown.add(id);
    if (shown.size > 5_000) shown.delete(shown.values().next().value!);
    output.push(toRow(row, id));
  };
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => {}); // waited for below
  session.start("/log/listen", { proplist: COLUMNS, deadlineMs: Infinity, signal }, {
    row: (row) => {
      if (!waiting) show(row);
      else if (waiting.length < MAX_WAITING) waiting.push(row);
    },
    end: (error) => error ? ended.reject(error) : ended.resolve(),
  });
  const watch = new AbortController();
  try {
    const { rows } = await session.run("/log/print", { proplist: COLUMNS, signal });
    output.running();
    for (const row of params.before === 0 ? [] : rows.slice(-params.before)) show(row);
    for (const row of rows) shown.add(row[".id"] ?? "");
    for (const row of waiting) show(row);
    waiting = undefined;
    await Promise.race([stayAlive(session, context, watch.signal), ended.promise]);
  } finally {
    watch.abort();
    // Told to stop, the router has a few seconds to do so; then the session hangs up by itself.
    await session.idle();
  }
};

function toRow(row: Row, id: string) {
  const topics = row["topics"] ?? "";
  const found = topicsOf(topics);
  return {
    id,
    time: row["time"] ?? "",
    severity: severityOf(found?.level ?? 6),
    topics: found ? found.topics.join(",") : topics,
    message: row["message"] ?? "",
  };
}
