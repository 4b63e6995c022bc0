import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { LogRow } from "@/components/LogRow.tsx";
import {
  type LiveLog,
  LOG_SEVERITIES,
  type LogSeverity,
  type StoredLogLine,
} from "@/core/contract/device_logs.ts";
import { count } from "@/core/contract/format.ts";
import { ask } from "../ask.ts";
import { openStream } from "../stream.ts";

interface LogFilter {
  deviceId?: string | undefined;
  severity?: LogSeverity | undefined;
  topic?: string | undefined;
  q?: string | undefined;
}

/** After a gap all pages read again: not all at once. */
const REREAD_WITHIN_MS = 3_000;

/** Log lines, newest first. The first page grows as lines arrive, unless it is held. */
export default function LogTail({ initial, keep, live, withDevice }: {
  initial: StoredLogLine[];
  keep: number;
  /** `null`: an older page, or one that ends in the past; it stands still. */
  live: LogFilter & { /** API address of this page. */ reload: string } | null;
  withDevice: boolean;
}) {
  const lines = useSignal(initial);
  const isHeld = useSignal(false);
  const waiting = useSignal<StoredLogLine[]>([]);
  const missed = useSignal(false);
  const state = useSignal<"connecting" | "live" | "down">("connecting");
  const known = useSignal<ReadonlySet<string>>(new Set(initial.map(({ id }) => id)));

  const release = () => {
    isHeld.value = false;
    lines.value = [...waiting.value, ...lines.value].slice(0, keep);
    waiting.value = [];
    if (missed.value) void reread();
  };

  async function reread() {
    missed.value = isHeld.value;
    if (isHeld.value || !live) return;
    const response = await ask(live.reload).catch(() => undefined);
    if (response?.ok) lines.value = (await response.json() as { items: StoredLogLine[] }).items;
  }

  useEffect(() => {
    if (!live) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const query = live.deviceId ? `?device=${live.deviceId}` : "";
    const stop = openStream(`/api/logs/stream${query}`, {
      log: (data) => {
        const seen = new Set([...waiting.value, ...lines.value].map(({ id }) => id));
        const fresh = (data as LiveLog).lines
          .filter((line) => fits(line, live) && !seen.has(line.id)).toReversed();
        if (fresh.length === 0) return;
        const to = isHeld.value ? waiting : lines;
        to.value = [...fresh, ...to.value].slice(0, keep);
      },
      reset: () => {
        clearTimeout(timer);
        timer = setTimeout(() => void reread(), Math.random() * REREAD_WITHIN_MS);
      },
    }, (now) => state.value = now);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);

  const days = Map.groupBy(lines.value, ({ at }) => at.slice(0, 10));
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
              ? `Paused: ${count(waiting.value.length)}${
                waiting.value.length >= keep ? " or more" : ""
              } new`
              : state.value === "down"
              ? "Not live: reconnecting…"
              : "New lines appear on top."}
          </span>
        </div>
      )}
      {[...days].map(([day, list]) => (
        <section key={day} class="mb-4" aria-label={`Log lines of ${day}`}>
          <h3 class="sticky top-0 z-10 bg-bg py-1 text-sm font-medium text-text-2">{day}</h3>
          <ol class="panel divide-y divide-line py-1">
            {list.map((line) => (
              <LogRow
                key={line.id}
                line={line}
                withDevice={withDevice}
                isNew={!known.value.has(line.id)}
              />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

/** Whether a line that just came belongs in the list; the database decides the same for old ones. */
function fits(line: StoredLogLine, { severity, topic, q }: LogFilter): boolean {
  if (severity && LOG_SEVERITIES[line.severity] > LOG_SEVERITIES[severity]) return false;
  if (topic && !line.topics.includes(topic)) return false;
  return !q || line.message.toLowerCase().includes(q.toLowerCase());
}
