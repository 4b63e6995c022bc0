import { useSignal } from "@preact/signals";
import type { RunOutcome } from "@/core/contract/device_runs.ts";
import { count, duration } from "@/core/contract/format.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { saveFile } from "../../auth/save_file.ts";
import type { LiveRun, RunState } from "../../runs/live_run.ts";
import { figuresOf } from "../tool_figures.ts";
import { type Tool, TOOL_FORMS } from "../tool_fields.ts";
import { toCsv, toText } from "../tool_tables.ts";
import { RunTable } from "./RunTable.tsx";

export interface ToolRun {
  readonly run: LiveRun;
  readonly tool: Tool;
  readonly params: Readonly<Record<string, unknown>>;
}

/** One run: what was asked, how it stands, its figures, its table, and what can be done with it. */
export function RunCard({ given: { run, tool, params }, onAgain, onRemove }: {
  given: ToolRun;
  onAgain: () => void;
  onRemove: () => void;
}) {
  const state = run.state.value;
  const isCopied = useSignal(false);
  const subject = String(
    params["address"] ?? params["name"] ?? params["mac"] ?? params["interface"],
  );
  const title = TOOL_FORMS[tool].title;
  const isOver = state.phase === "ended";
  const copy = async () => {
    await navigator.clipboard.writeText(toText(tool, state.rows));
    isCopied.value = true;
  };
  const save = () => {
    const at = run.info.startedAt.slice(0, 19).replaceAll(":", "-");
    saveFile(`${tool}-${at}.csv`, "text/csv", toCsv(tool, state.rows));
  };
  return (
    <section class="panel mb-4 p-4" aria-label={`${title} ${subject}`} data-run={run.info.id}>
      <div class="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h3 class="min-w-0 flex-1 basis-56">
          {title} <bdi class="break mono font-normal">{plainText(subject)}</bdi>
        </h3>
        <div class="flex flex-wrap gap-1.5">
          {!isOver && (
            <button
              type="button"
              class="btn btn-danger"
              disabled={state.phase === "stopping"}
              onClick={() => void run.stop()}
            >
              {state.phase === "stopping" ? "Stopping…" : "Stop"}
            </button>
          )}
          {state.rows.length > 0 && (
            <>
              <button type="button" class="btn" onClick={() => void copy()}>
                {isCopied.value ? "Copied" : "Copy"}
              </button>
              <button type="button" class="btn" onClick={save}>CSV</button>
            </>
          )}
          {isOver && (
            <>
              <button type="button" class="btn" onClick={onAgain}>Run again</button>
              <button
                type="button"
                class="btn"
                aria-label={`Remove ${title} ${subject}`}
                onClick={onRemove}
              >
                Remove
              </button>
            </>
          )}
        </div>
      </div>
      <Standing state={state} startedAt={run.info.startedAt} />
      <Figures tool={tool} state={state} />
      {state.rows.length > 0 && (
        <RunTable tool={tool} rows={state.rows} label={`${title} ${subject}`} />
      )}
      <Missing tool={tool} state={state} />
    </section>
  );
}

const OUTCOMES: Record<RunOutcome, readonly [word: string, tone: string]> = {
  done: ["Done", "text-ok"],
  stopped: ["Stopped", "text-text-2"],
  expired: ["Time is up", "text-text-2"],
  abandoned: ["Stopped", "text-text-2"],
  failed: ["Failed", "text-bad"],
  lost: ["Lost", "text-bad"],
};

function Standing({ state, startedAt }: { state: RunState; startedAt: string }) {
  const { phase, outcome, detail, began, ended } = state;
  const [word, tone] = outcome
    ? OUTCOMES[outcome]
    : phase === "starting"
    ? ["Connecting to the router…", "text-text-2"] as const
    : ["Running", "text-accent"] as const;
  const took = began !== undefined && ended !== undefined
    ? ` after ${duration(Math.max(1, Math.round((ended - began) / 1_000)))}`
    : "";
  const time = new Date(startedAt).toLocaleTimeString();
  return (
    <p class="break mt-1 text-sm" role="status">
      <span class={`font-medium ${tone}`}>{word}{took}</span>
      <span class="text-text-3">{` · started ${time}`}</span>
      {detail && (
        <span class={`mt-1 block ${outcome === "failed" || outcome === "lost" ? "text-bad" : ""}`}>
          {plainText(detail)}
        </span>
      )}
    </p>
  );
}

function Figures({ tool, state }: { tool: Tool; state: RunState }) {
  const figures = figuresOf(tool, state.rows);
  if (figures.length === 0) return null;
  return (
    <dl class="mt-3 flex flex-wrap gap-x-6 gap-y-2">
      {figures.map(({ label, value, isBad }) => (
        <div key={label}>
          <dt class="text-xs text-text-3">{label}</dt>
          <dd class={isBad ? "font-medium text-bad" : "font-medium"}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is not in the table, and why. */
function Missing({ tool, state }: { tool: Tool; state: RunState }) {
  const isTable = tool === "torch" || tool === "traceroute";
  const older = isTable ? 0 : state.received - state.rows.length;
  const notes = [
    older > 0 && `${count(older)} older rows are no longer held here.`,
    state.dropped > 0 &&
    (isTable
      ? `${count(state.dropped)} more rows are not shown.`
      : `${count(state.dropped)} rows came too fast and were left out.`),
    !isTable && state.gaps > 0 && "Some rows were lost on the way.",
  ].filter((note) => note !== false);
  return notes.length > 0 ? <p class="mt-2 text-sm text-text-3">{notes.join(" ")}</p> : null;
}
