import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { RunInfo } from "@/core/contract/device_runs.ts";
import { send } from "../ask.ts";
import { LiveRun } from "../runs/live_run.ts";
import type { Choices } from "./(_components)/FieldControl.tsx";
import { RunCard, type ToolRun } from "./(_components)/RunCard.tsx";
import { ToolPanel } from "./(_components)/ToolPanel.tsx";
import { type Tool, TOOL_FORMS, TOOLS } from "./tool_fields.ts";

export interface ToolsProps {
  deviceId: string;
  choices: Choices;
  initial: Tool;
}

/** Runs the page keeps; older ones that are over go. */
const MAX_RUNS = 20;

/** Tools that run on the router, and what they told since the page was opened. */
export default function Tools({ deviceId, choices, initial }: ToolsProps) {
  const chosen = useSignal(initial);
  const runs = useSignal<readonly ToolRun[]>([]);
  const problem = useSignal("");
  const output = useRef<HTMLDivElement>(null);
  useEffect(() => () => {
    for (const { run } of runs.value) run.close();
  }, []);

  function choose(tool: Tool) {
    chosen.value = tool;
    problem.value = "";
    // A link to this page shows a colleague the same tool.
    const url = new URL(location.href);
    url.searchParams.set("tool", tool);
    history.replaceState(history.state, "", url);
  }
  function show(tool: Tool, info: RunInfo, params: Readonly<Record<string, unknown>>) {
    problem.value = "";
    const all = [{ run: new LiveRun(info), tool, params }, ...runs.value];
    const kept = all.filter(({ run }, i) => i < MAX_RUNS || !run.isOver);
    runs.value = kept;
    output.current?.scrollIntoView({ block: "nearest" });
  }
  async function again({ tool, params }: ToolRun) {
    try {
      const answer = await send("POST", `/api/devices/${deviceId}/runs`, { kind: tool, params });
      const body = await answer.json();
      if (answer.ok) show(tool, body as RunInfo, params);
      else problem.value = body.title ?? "The server refused it.";
    } catch {
      problem.value = "The server did not answer: check your connection, then try again.";
    }
  }
  function remove(gone: ToolRun) {
    gone.run.close();
    runs.value = runs.value.filter((one) => one !== gone);
  }

  return (
    <>
      <div class="mb-4 flex flex-wrap gap-2" role="group" aria-label="Tool">
        {TOOLS.map((tool) => (
          <button
            key={tool}
            type="button"
            class="chip"
            aria-pressed={tool === chosen.value}
            onClick={() => choose(tool)}
          >
            {TOOL_FORMS[tool].title}
          </button>
        ))}
      </div>
      {TOOLS.map((tool) => (
        <ToolPanel
          key={tool}
          deviceId={deviceId}
          tool={tool}
          isShown={tool === chosen.value}
          choices={choices}
          onStarted={(info, params) => show(tool, info, params)}
        />
      ))}
      <div ref={output} class="mt-6">
        {problem.value && <p class="break mb-4 text-bad" role="alert">{problem.value}</p>}
        {runs.value.length === 0
          ? (
            <p class="text-sm text-text-3">
              Output appears here and stays until you leave the page. Two tools can run on a router
              at a time; who started which is in the audit log.
            </p>
          )
          : (
            <>
              <h2 class="mb-3 text-lg">Output</h2>
              {runs.value.map((one) => (
                <RunCard
                  key={one.run.info.id}
                  given={one}
                  onAgain={() => void again(one)}
                  onRemove={() => remove(one)}
                />
              ))}
            </>
          )}
      </div>
    </>
  );
}
