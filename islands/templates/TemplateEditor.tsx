import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Field } from "@/components/Field.tsx";
import {
  BUILT_INS,
  type NewVariable,
  type Template,
  type TemplateProblem,
  TemplateVariable,
} from "@/core/contract/templates.ts";
import { send } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { StartingInput } from "./(_components)/StartingInput.tsx";
import { VariableFields } from "./(_components)/VariableFields.tsx";

const CHECK_AFTER_MS = 400;
const EXAMPLE = "/ip dns\nset servers={{dns_servers}}";

/** A template's name, text and variables; says what is wrong with the text while it is written. */
export default function TemplateEditor({ template, mayWrite }: {
  /** `null`: a new one. */
  template: Template | null;
  mayWrite: boolean;
}) {
  const script = useSignal(template?.script ?? "");
  const variables = useSignal<TemplateVariable[]>(template?.variables ?? []);
  const problems = useSignal<TemplateProblem[]>([]);
  const change = useChange();

  useEffect(() => {
    if (script.value.trim() === "" || !mayWrite) {
      problems.value = [];
      return;
    }
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      const answer = await send("POST", "/api/templates/check", {
        ...{ script: script.value, variables: variables.value },
      }).catch(() => undefined);
      if (ending.signal.aborted || !answer) return;
      problems.value = answer.ok ? (await answer.json()).problems : [];
    }, CHECK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [script.value, variables.value]);

  /** Names that the text has and nobody declared: one click declares them. */
  const undeclared = [
    ...new Set(
      [...script.value.matchAll(/\{\{[#^]?\s*([a-z][a-z0-9_]{0,39})\s*\}\}/g)].map(([, name]) =>
        name!
      ),
    ),
  ].filter((name) => !(name in BUILT_INS) && !variables.value.some((one) => one.name === name));

  function declare(name: string) {
    variables.value = [...variables.value, TemplateVariable.parse({ name, type: "string" })];
  }
  function edit(at: number, variable: NewVariable | undefined) {
    variables.value = variables.value.flatMap((one, index) =>
      index !== at ? [one] : variable ? [{ ...one, ...variable } as TemplateVariable] : []
    );
  }
  async function save(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const body = {
      ...{ name: text("name"), description: text("description") },
      tags: text("tags").split(",").map((tag) => tag.trim()).filter(Boolean),
      ...{ script: script.value, variables: variables.value },
    };
    const saved = template
      ? await change.run<Template>("PATCH", `/api/templates/${template.id}`, {
        ...{ ...body, version: template.version, note: text("note") },
      })
      : await change.run<Template>("POST", "/api/templates", body);
    if (saved) location.assign(`/templates/${saved.body.id}`);
  }

  return (
    <form class="grid grid-cols-1 gap-5" onSubmit={(event) => void save(event)}>
      <fieldset class="contents" disabled={!mayWrite}>
        <div class="grid gap-4 sm:grid-cols-2">
          <Field label="Name" name="template-name">
            <StartingInput
              id="template-name"
              name="name"
              class="field"
              required
              maxlength={100}
              initial={template?.name ?? ""}
            />
          </Field>
          <Field label="Tags" name="template-tags" hint="With commas between">
            <StartingInput
              id="template-tags"
              name="tags"
              class="field"
              maxlength={400}
              initial={template?.tags.join(", ") ?? ""}
            />
          </Field>
          <div class="sm:col-span-2">
            <Field label="Description" name="template-description">
              <StartingInput
                id="template-description"
                name="description"
                class="field"
                maxlength={1000}
                initial={template?.description ?? ""}
              />
            </Field>
          </div>
        </div>
        <div>
          <Field label="Text" name="template-script">
            <textarea
              id="template-script"
              class="field mono min-h-72 text-sm whitespace-pre"
              required
              spellcheck={false}
              maxlength={60_000}
              rows={Math.min(30, Math.max(12, script.value.split("\n").length + 1))}
              placeholder={EXAMPLE}
              aria-describedby="template-help template-problems"
              value={script.value}
              onInput={(event) => script.value = event.currentTarget.value}
            />
          </Field>
          <Problems problems={problems.value} />
          <details id="template-help" class="mt-1 text-sm text-text-2">
            <summary class="cursor-pointer py-1">How a text is written</summary>
            <ul class="list-disc pl-5">
              <li>
                <code>{"{{name}}"}</code> is a value: behind{" "}
                <code>=</code>, between quotes, or the item of a command. It is quoted and escaped
                by itself.
              </li>
              <li>
                <code>{"{{#name}}…{{/name}}"}</code>{" "}
                is there when a boolean is yes or a value is set, and for each value of a list,
                which is <code>{"{{.}}"}</code> within. <code>{"{{^name}}…{{/name}}"}</code>{" "}
                is there when not.
              </li>
              <li>
                Every template knows:{" "}
                {Object.entries(BUILT_INS).map(([name, help], at) => (
                  <span key={name}>
                    {at > 0 && ", "}
                    <code title={help}>{name}</code>
                  </span>
                ))}.
              </li>
              <li>
                An <code>add</code>{" "}
                of what a router has already adds nothing twice: rules of a firewall are known by
                their comment, other items by their name or address.
              </li>
            </ul>
          </details>
        </div>
        <section aria-labelledby="variables">
          <h2 id="variables" class="mb-2 text-lg">Variables</h2>
          {mayWrite && undeclared.length > 0 && (
            <p class="mb-3 flex flex-wrap items-center gap-2">
              <span class="text-warn">Not declared yet:</span>
              {undeclared.slice(0, 20).map((name) => (
                <button
                  key={name}
                  type="button"
                  class="btn mono"
                  onClick={() => declare(name)}
                >
                  Declare {name}
                </button>
              ))}
            </p>
          )}
          {variables.value.length === 0 && (
            <p class="text-text-2">
              None: the text is the same for every router, but for what every template knows.
            </p>
          )}
          <div class="grid grid-cols-1 gap-3">
            {variables.value.map((variable, at) => (
              <VariableFields
                key={at}
                variable={variable}
                onChange={(changed) => edit(at, changed)}
              />
            ))}
          </div>
          {mayWrite && (
            <button
              type="button"
              class="btn mt-3"
              onClick={() => declare(`value_${variables.value.length + 1}`)}
            >
              Add a variable
            </button>
          )}
        </section>
        {mayWrite && (
          <div class="flex flex-wrap items-end gap-3">
            {template && (
              <div class="min-w-60 flex-1">
                <Field label="What changed" name="template-note" hint="For the history">
                  <input
                    id="template-note"
                    name="note"
                    class="field"
                    maxlength={300}
                    autocomplete="off"
                  />
                </Field>
              </div>
            )}
            <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
              {template ? "Save" : "Add template"}
            </button>
          </div>
        )}
        {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
      </fieldset>
    </form>
  );
}

function Problems({ problems }: { problems: TemplateProblem[] }) {
  return (
    <ul id="template-problems" class="mt-1 text-sm text-warn" aria-live="polite">
      {problems.slice(0, 8).map(({ line, message }, at) => (
        <li key={at} class="break">
          {line > 0 && `Line ${line}: `}
          {message}
        </li>
      ))}
    </ul>
  );
}
