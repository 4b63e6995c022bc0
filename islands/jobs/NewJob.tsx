import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Field } from "@/components/Field.tsx";
import { COMMANDS_WARNING, type JobCheck, MAX_COMMAND } from "@/core/contract/bulk_jobs.ts";
import type { Template } from "@/core/contract/templates.ts";
import { useChange } from "../settings/use_change.ts";
import { StartingInput } from "../templates/(_components)/StartingInput.tsx";
import { GivenValues } from "./(_components)/GivenValues.tsx";
import { PlanFields, planOf } from "./(_components)/PlanFields.tsx";
import { ReviewedJob } from "./(_components)/ReviewedJob.tsx";
import { RouterChoice } from "./(_components)/RouterChoice.tsx";

type What = "command" | "template" | "change_set";

/** Makes a job: what, for which routers, in which waves; reviewed before it starts. */
export default function NewJob({ ids, q, mayRun, mayPush, templates, templateId, changeSet }: {
  /** Chosen one by one; empty: a search. */
  ids: string[];
  q: string | null;
  mayRun: boolean;
  mayPush: boolean;
  templates: { id: string; name: string }[];
  templateId: string | null;
  changeSet: { id: string; name: string } | null;
}) {
  const what = useSignal<What>(
    changeSet ? "change_set" : templateId !== null || !mayRun ? "template" : "command",
  );
  const template = useSignal(templateId ?? templates[0]?.id ?? "");
  const variables = useSignal<Template["variables"]>([]);
  const query = useSignal(q ?? "");
  const count = useSignal<number | undefined>(ids.length > 0 ? ids.length : undefined);
  const reviewed = useSignal<{ body: Record<string, unknown>; check: JobCheck } | undefined>(
    undefined,
  );
  const form = useRef<HTMLFormElement>(null);
  const change = useChange();
  const path = () => what.value === "command" ? "/api/jobs/commands" : "/api/jobs/pushes";

  function bodyOf(data: FormData): Record<string, unknown> {
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const script = String(data.get("script") ?? "");
    const name = templates.find(({ id }) => id === template.value)?.name ?? "";
    // What stands behind = may be a secret, and a title is for everybody.
    const own = what.value === "command"
      ? script.trim().split(/[\n=]/)[0]!.slice(0, 80)
      : what.value === "change_set"
      ? changeSet!.name
      : name;
    const routers = ids.length > 0 ? { ids } : { q: query.value, expected: count.value };
    const startAt = text("startAt");
    return {
      ...{ title: text("title") || own, ...routers, plan: planOf(data) },
      startAt: startAt === "" ? null : new Date(startAt).toISOString(),
      ...(what.value === "command"
        ? { script, timeoutSeconds: Number(text("timeout")) }
        : what.value === "change_set"
        ? { what: { kind: "change_set", id: changeSet!.id } }
        : { what: { kind: "template", id: template.value, given: given(data) } }),
    };
  }
  function given(data: FormData): Record<string, string | string[]> {
    return Object.fromEntries(variables.value.flatMap(({ name, isList }) => {
      const text = String(data.get(`given-${name}`) ?? "");
      if (text === "") return [];
      return [[name, isList ? text.split(",").map((one) => one.trim()).filter(Boolean) : text]];
    }));
  }
  async function review(event: SubmitEvent) {
    event.preventDefault();
    reviewed.value = undefined;
    const body = bodyOf(new FormData(form.current!));
    const result = await change.run<JobCheck>("POST", `${path()}/check`, body);
    if (result) reviewed.value = { body, check: result.body };
  }
  async function start() {
    const made = await change.run<{ id: string }>("POST", path(), reviewed.value!.body);
    if (made) location.assign(`/jobs/${made.body.id}`);
  }

  return (
    <form
      ref={form}
      class="grid grid-cols-1 gap-6"
      onSubmit={(event) => void review(event)}
      onInput={() => reviewed.value = undefined}
    >
      <section class="grid grid-cols-1 gap-4" aria-labelledby="job-what">
        <h2 id="job-what" class="text-lg">What</h2>
        {mayRun && mayPush && (
          <div class="flex flex-wrap gap-4" role="radiogroup" aria-labelledby="job-what">
            {([
              ...(changeSet ? [["change_set", "Push the change set"]] as const : []),
              ["command", "Run a command"],
              ["template", "Push a template"],
            ] as const).map(([value, label]) => (
              <label key={value} class="flex items-center gap-2">
                <input
                  type="radio"
                  name="what"
                  checked={what.value === value}
                  onChange={() => what.value = value}
                />
                {label}
              </label>
            ))}
          </div>
        )}
        {what.value === "command" ? <CommandFields /> : what.value === "change_set"
          ? (
            <p>
              <a class="underline" href={`/change-sets/${changeSet!.id}`}>
                <bdi class="break">{changeSet!.name}</bdi>
              </a>
              , made for one router: the same for others, each by a push of its own. Items are known
              by their names and comments there.
            </p>
          )
          : templates.length === 0
          ? (
            <p>
              There is no template yet: <a class="underline" href="/templates">take or write one</a>
              {" "}
              first.
            </p>
          )
          : (
            <>
              <Field
                label="Template"
                name="job-template"
                hint="Each router is changed by a push of its own: armed to undo itself, proven on a new connection, then kept."
              >
                <select
                  id="job-template"
                  class="field max-w-md"
                  value={template.value}
                  onChange={(event) => template.value = event.currentTarget.value}
                >
                  {templates.map(({ id, name }) => (
                    <option key={id} value={id} selected={id === template.value}>{name}</option>
                  ))}
                </select>
              </Field>
              <GivenValues templateId={template.value} variables={variables} />
            </>
          )}
        <Field label="Title" name="job-title" hint="What people read in the list of jobs">
          <input
            id="job-title"
            name="title"
            class="field max-w-md"
            maxlength={200}
            autocomplete="off"
            placeholder="As the first line, or the template"
          />
        </Field>
      </section>
      <RouterChoice ids={ids} query={query} count={count} />
      <PlanFields />
      <div class="grid grid-cols-1 gap-3">
        <button
          type="submit"
          class="btn justify-self-start"
          disabled={change.isBusy.value || (what.value === "template" && template.value === "")}
        >
          Review
        </button>
        {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
        {reviewed.value && (
          <ReviewedJob
            check={reviewed.value.check}
            isCommand={what.value === "command"}
            isBusy={change.isBusy.value}
            onStart={() => void start()}
          />
        )}
      </div>
    </form>
  );
}

function CommandFields() {
  return (
    <>
      <Field
        label="Command"
        name="job-script"
        hint="RouterOS script, as typed into a terminal. What it prints is kept, secrets hidden."
      >
        <textarea
          id="job-script"
          name="script"
          class="field mono text-sm"
          required
          rows={6}
          spellcheck={false}
          maxlength={MAX_COMMAND}
          placeholder="/system resource print"
        />
      </Field>
      <p class="panel border-l-4 border-l-warn p-3 text-sm">
        {COMMANDS_WARNING} To change configurations, push a template instead.
      </p>
      <Field label="Longest time on one router, seconds" name="job-timeout">
        <StartingInput
          id="job-timeout"
          name="timeout"
          type="number"
          class="field max-w-32"
          required
          min={5}
          max={600}
          initial="60"
        />
      </Field>
    </>
  );
}
