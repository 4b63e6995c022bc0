import { useSignal } from "@preact/signals";
import type { RunInfo } from "@/core/contract/device_runs.ts";
import { send } from "../../ask.ts";
import { readParams, type Tool, TOOL_FORMS } from "../tool_fields.ts";
import { type Choices, FieldControl } from "./FieldControl.tsx";

interface Refusal {
  title?: string;
  issues?: { path: string; message: string }[];
}

/** The form of one tool; what was typed stays while another is looked at. */
export function ToolPanel({ deviceId, tool, isShown, choices, onStarted }: {
  deviceId: string;
  tool: Tool;
  isShown: boolean;
  choices: Choices;
  onStarted: (info: RunInfo, params: Record<string, unknown>) => void;
}) {
  const { verb, about, warning, fields } = TOOL_FORMS[tool];
  const isBusy = useSignal(false);
  const refusal = useSignal<Refusal | undefined>(undefined);

  async function start(event: SubmitEvent) {
    event.preventDefault();
    const params = readParams(tool, new FormData(event.currentTarget as HTMLFormElement));
    isBusy.value = true;
    refusal.value = undefined;
    try {
      const answer = await send("POST", `/api/devices/${deviceId}/runs`, { kind: tool, params });
      const body = await answer.json();
      if (answer.ok) onStarted(body as RunInfo, params);
      else refusal.value = body as Refusal;
    } catch {
      refusal.value = {
        title: "The server did not answer: check your connection, then try again.",
      };
    } finally {
      isBusy.value = false;
    }
  }

  const problemOf = (name: string) =>
    refusal.value?.issues?.find(({ path }) => path === `params.${name}`)?.message;
  const draw = (isMore: boolean) =>
    fields.filter((field) => (field.isMore ?? false) === isMore).map((field) => (
      <FieldControl
        key={field.name}
        tool={tool}
        field={field}
        choices={choices}
        problem={problemOf(field.name)}
      />
    ));
  const hasMore = fields.some(({ isMore }) => isMore);
  const isMoreWrong = fields.some(({ isMore, name }) => isMore && problemOf(name) !== undefined);
  return (
    <form
      class={isShown ? "panel p-4 sm:p-5" : "hidden"}
      aria-label={TOOL_FORMS[tool].title}
      onSubmit={(event) => void start(event)}
    >
      <p class="mb-4 text-text-2">{about}</p>
      {warning && (
        <p class="mb-4 rounded-panel border border-warn bg-warn-soft px-4 py-3">
          <strong class="text-warn">Mind the load.</strong> {warning}
        </p>
      )}
      <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{draw(false)}</div>
      {hasMore && (
        <details class="mt-4" open={isMoreWrong}>
          <summary class="w-fit text-accent">More options</summary>
          <div class="mt-3 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{draw(true)}</div>
        </details>
      )}
      {refusal.value && <p class="break mt-4 text-bad" role="alert">{refusal.value.title}</p>}
      <button type="submit" class="btn btn-primary mt-4" disabled={isBusy.value}>
        {isBusy.value ? "Starting…" : verb}
      </button>
    </form>
  );
}
