import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { SimpleChange } from "@/core/contract/editor/simple/simple_tables.ts";
import type { SimpleState } from "./simple_state.ts";

type Problems = Readonly<Record<string, string>>;

/** What a plain form is drawn with. */
export interface Drawing<Form> {
  form: Form;
  problems: Problems;
  change(changes: Partial<Form>): void;
}

/** A plain form: filled from the router, it puts what differs to what is pending. */
export function SimpleForm<Form extends object>(
  { state, title, help, initial, check, changes, mayWrite, children }: {
    state: SimpleState;
    title: string;
    help: string;
    initial: Form;
    check: (form: Form) => Problems;
    changes: (form: Form) => SimpleChange[];
    mayWrite: boolean;
    children: (drawing: Drawing<Form>) => ComponentChildren;
  },
) {
  const form = useSignal(initial);
  const problems = useSignal<Problems>({});
  const said = useSignal("");
  const refusal = useSignal("");
  async function keep(event: SubmitEvent) {
    event.preventDefault();
    said.value = refusal.value = "";
    problems.value = check(form.value);
    if (Object.keys(problems.value).length > 0) return;
    const wanted = changes(form.value);
    if (wanted.length === 0) return void (said.value = "The router says so already.");
    const isKept = await state.keep(wanted);
    if (isKept) said.value = "Pending: review and push it.";
    else refusal.value = state.editor.problem.value;
  }
  const draw: Drawing<Form> = {
    form: form.value,
    problems: problems.value,
    change: (next) => {
      form.value = { ...form.value, ...next };
      said.value = "";
    },
  };
  return (
    <form
      class="panel p-4"
      onSubmit={(event) => void keep(event)}
      noValidate
      aria-label={title}
    >
      <h2 class="font-semibold">{title}</h2>
      <p class="mt-0.5 text-sm text-text-2">{help}</p>
      <fieldset class="mt-3 grid gap-3 sm:grid-cols-2" disabled={!mayWrite}>
        <legend class="sr-only">{title}</legend>
        {children(draw)}
      </fieldset>
      {mayWrite && (
        <div class="mt-4 flex flex-wrap items-center gap-3">
          <button type="submit" class="btn btn-primary" disabled={state.editor.isSaving.value}>
            Keep changes
          </button>
          {said.value && <p class="text-sm text-ok" role="status">{said.value}</p>}
          {refusal.value && <p class="break text-sm text-bad" role="alert">{refusal.value}</p>}
        </div>
      )}
    </form>
  );
}

/** A label, its input, and what is wrong with it. */
export function Line({ label, name, hint, problems, isWide = false, children }: {
  label: string;
  /** Of the input; its problem has the same name. */
  name: string;
  hint?: string;
  problems: Problems;
  isWide?: boolean;
  children: (common: { id: string; class: string; "aria-invalid": boolean }) => ComponentChildren;
}) {
  const problem = problems[name.replace(/^.*:/, "")];
  return (
    <div class={isWide ? "sm:col-span-2" : ""}>
      <label class="mb-1 block font-medium" for={name}>{label}</label>
      {children({ id: name, class: "field", "aria-invalid": problem !== undefined })}
      {problem
        ? <p class="mt-0.5 text-sm text-bad">{label} {problem}</p>
        : hint && <p class="mt-0.5 text-sm text-text-3">{hint}</p>}
    </div>
  );
}
