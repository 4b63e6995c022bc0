import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { LogRow } from "@/components/LogRow.tsx";
import { LOG_SEVERITY_NAMES, type LogSeverity } from "@/core/contract/device_logs.ts";
import type { RunInfo, RunRow } from "@/core/contract/device_runs.ts";
import { count } from "@/core/contract/format.ts";
import { send } from "../ask.ts";
import { LiveRun, type RunState } from "../runs/live_run.ts";

/** Lines drawn at a time; the run holds more, which the search looks through. */
const SHOWN = 300;

const OUTCOMES: Record<string, string> = {
  done: "The router ended it.",
  stopped: "Stopped.",
  expired: "Stopped after an hour.",
  abandoned: "Stopped as nobody followed it.",
  failed: "It failed.",
  lost: "The connection was lost.",
};

/** A router's own log as it writes it, read from the router itself. */
export default function LogFollow({ deviceId }: { deviceId: string }) {
  const run = useSignal<LiveRun | undefined>(undefined);
  const state = useSignal<RunState | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  const isStarting = useSignal(false);
  const search = useSignal("");
  const unwatch = useRef(() => {});

  useEffect(() => () => {
    unwatch.current();
    run.value?.close();
  }, []);

  async function start() {
    problem.value = undefined;
    isStarting.value = true;
    unwatch.current();
    run.value?.close();
    try {
      const answer = await send("POST", `/api/devices/${deviceId}/log/follow`, {});
      const body = await answer.json();
      if (answer.ok) {
        run.value = new LiveRun(body as RunInfo);
        unwatch.current = run.value.state.subscribe((now) => state.value = now);
      } else problem.value = (body as { title: string }).title;
    } catch {
      problem.value = "Cannot follow the log: the server does not answer";
    }
    isStarting.value = false;
  }

  const now = state.value;
  const isRunning = now !== undefined && now.phase !== "ended";
  const words = search.value.toLowerCase();
  const lines = (now?.rows ?? []).filter((row) =>
    !words || `${text(row, "topics")} ${text(row, "message")}`.toLowerCase().includes(words)
  );
  return (
    <section class="mb-6" aria-labelledby="own-log">
      <div class="mb-2 flex flex-wrap items-center gap-2">
        <h2 class="flex-1 font-semibold" id="own-log">The router's own log</h2>
        {now && (
          <input
            type="search"
            class="field max-w-56"
            placeholder="Search these lines"
            aria-label="Search these lines"
            value={search.value}
            onInput={({ currentTarget }) => search.value = currentTarget.value}
          />
        )}
        {isRunning
          ? <button type="button" class="btn" onClick={() => void run.value?.stop()}>Stop</button>
          : (
            <button
              type="button"
              class="btn"
              disabled={isStarting.value}
              onClick={() => void start()}
            >
              {now ? "Follow again" : "Follow live"}
            </button>
          )}
      </div>
      {problem.value && <p class="text-bad" role="alert">{problem.value}</p>}
      {now === undefined
        ? (
          <p class="text-sm text-text-2">
            Reads <code>/log</code> from the router while you watch; nothing of it is stored.
          </p>
        )
        : (
          <p class="mb-2 text-sm text-text-2" role="status">
            {status(now)}
            {now.dropped > 0 && ` ${count(now.dropped)} lines came too fast and were left out.`}
            {now.gaps > 0 && " Some lines were lost on the way."}
          </p>
        )}
      {now && lines.length > 0 && (
        <ol
          class="panel max-h-[32rem] divide-y divide-line overflow-y-auto py-1"
          aria-label="Lines of the router's own log"
          tabIndex={0}
        >
          {lines.slice(-SHOWN).toReversed().map((row, index) => (
            <LogRow
              key={text(row, "id") || `${lines.length - index}`}
              line={{
                id: text(row, "id"),
                at: text(row, "time"),
                severity: severityIn(row),
                topics: text(row, "topics").split(",").filter(Boolean),
                message: text(row, "message"),
              }}
              withDevice={false}
            />
          ))}
        </ol>
      )}
      {now && now.rows.length > 0 && lines.length === 0 && (
        <p class="text-text-2">None of the {count(now.rows.length)} lines has this text.</p>
      )}
    </section>
  );
}

function status({ phase, rows, outcome, detail }: RunState): string {
  if (phase === "starting") return "Connecting to the router…";
  if (phase === "stopping") return "Stopping…";
  if (phase === "running") {
    return rows.length > 0 ? "Live, newest first." : "Live: the log is empty so far.";
  }
  return detail ?? OUTCOMES[outcome ?? "lost"]!;
}

function text(row: RunRow, name: string): string {
  return String(row[name] ?? "");
}

function severityIn(row: RunRow): LogSeverity {
  return LOG_SEVERITY_NAMES.find((name) => name === row["severity"]) ?? "info";
}
