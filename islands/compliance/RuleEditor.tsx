import { useSignal } from "@preact/signals";
import { SEVERITY_WORDS } from "@/components/compliance/SeverityWord.tsx";
import { Field } from "@/components/Field.tsx";
import {
  RULE_SEVERITIES,
  type RuleBody,
  type RuleCheck,
} from "@/core/contract/compliance_rules.ts";
import type { ComplianceRule } from "@/core/contract/compliance.ts";
import { useChange } from "../settings/use_change.ts";
import { CheckFields, NEW_CHECK } from "./(_components)/CheckFields.tsx";
import { FixField, readFix } from "./(_components)/FixField.tsx";
import { TryRule } from "./(_components)/TryRule.tsx";

const EMPTY: RuleBody = { when: null, need: "all", checks: [NEW_CHECK] };

/** A rule as a form: what it asks, why, how grave it is, and what sets it right. */
export default function RuleEditor({ rule }: { rule?: ComplianceRule }) {
  const body = useSignal<RuleBody>(rule?.body ?? EMPTY);
  const fix = useSignal(rule && rule.fix.length > 0 ? JSON.stringify(rule.fix, null, 2) : "");
  const isOpen = useSignal(!rule);
  const change = useChange();

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const steps = readFix(fix.value);
    if ("problem" in steps) {
      change.problem.value = steps.problem;
      return;
    }
    const sent = {
      ...{ title: text("title"), severity: text("severity"), help: text("help") },
      ...{ body: body.value, fix: steps.steps },
    };
    const answer = rule
      ? await change.run<ComplianceRule>("PATCH", `/api/compliance/rules/${rule.id}`, sent)
      : await change.run<ComplianceRule>("POST", "/api/compliance/rules", sent);
    if (answer) location.assign(`/compliance/rules/${answer.body.id}`);
  }
  async function reset() {
    if (!confirm("Make this rule as the starter library has it? Your changes are lost.")) return;
    const answer = await change.run("POST", `/api/compliance/rules/${rule!.id}/reset`);
    if (answer) location.reload();
  }
  async function remove() {
    const question = `Remove the rule ${rule!.title}, with its results and exceptions?`;
    if (!confirm(question)) return;
    const answer = await change.run("DELETE", `/api/compliance/rules/${rule!.id}`);
    if (answer) location.assign("/compliance/rules");
  }

  if (!isOpen.value) {
    return (
      <div class="flex flex-wrap items-center gap-2">
        <button type="button" class="btn" onClick={() => isOpen.value = true}>Edit rule</button>
        {rule?.isEdited && rule.libraryKey && (
          <button
            type="button"
            class="btn"
            disabled={change.isBusy.value}
            onClick={() => void reset()}
          >
            Reset to the library
          </button>
        )}
        <button
          type="button"
          class="btn btn-danger"
          disabled={change.isBusy.value}
          onClick={() => void remove()}
        >
          Remove rule
        </button>
        {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
      </div>
    );
  }
  return (
    <form
      class="panel grid gap-4 p-5"
      aria-labelledby="rule-form"
      onSubmit={(e) => void submit(e)}
    >
      <h2 id="rule-form" class="font-semibold">{rule ? "Edit rule" : "New rule"}</h2>
      <div class="grid gap-4 sm:grid-cols-[1fr_auto]">
        <Field label="Title" name="rule-title">
          <input
            id="rule-title"
            name="title"
            class="field"
            required
            maxlength={120}
            autocomplete="off"
            defaultValue={rule?.title}
          />
        </Field>
        <Field label="Severity" name="rule-severity">
          <select
            id="rule-severity"
            name="severity"
            class="field"
            defaultValue={rule?.severity ?? "medium"}
          >
            {RULE_SEVERITIES.map((one) => (
              <option key={one} value={one} selected={one === (rule?.severity ?? "medium")}>
                {SEVERITY_WORDS[one]}
              </option>
            ))}
          </select>
        </Field>
      </div>
      <Field label="Why, and how it is set right" name="rule-help">
        <textarea
          id="rule-help"
          name="help"
          class="field min-h-24"
          maxlength={4000}
          defaultValue={rule?.help}
        />
      </Field>
      <Checks body={body.value} onChange={(next) => body.value = next} />
      <FixField value={fix.value} onInput={(text) => fix.value = text} />
      <TryRule body={body.value} />
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
      <div class="flex gap-2">
        <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
          {rule ? "Save rule" : "Add rule"}
        </button>
        {rule
          ? (
            <button type="button" class="btn" onClick={() => isOpen.value = false}>
              Cancel
            </button>
          )
          : <a class="btn" href="/compliance/rules">Cancel</a>}
      </div>
    </form>
  );
}

function Checks({ body, onChange }: { body: RuleBody; onChange: (body: RuleBody) => void }) {
  const { when, need, checks } = body;
  const list = (
    of: readonly RuleCheck[],
    put: (checks: RuleCheck[]) => void,
    name: string,
    least: number,
  ) => (
    <div class="grid gap-3">
      {of.map((check, at) => (
        <CheckFields
          key={at}
          name={`${name} ${at + 1}`}
          check={check}
          onChange={(next) => put(of.with(at, next))}
          {...(of.length > least && { onRemove: () => put(of.toSpliced(at, 1)) })}
        />
      ))}
      <button
        type="button"
        class="btn justify-self-start"
        disabled={of.length >= 20}
        onClick={() => put([...of, NEW_CHECK])}
      >
        Add {name.toLowerCase()}
      </button>
    </div>
  );
  return (
    <>
      <fieldset class="grid gap-3">
        <legend class="mb-1 font-medium">What must hold</legend>
        {checks.length > 1 && (
          <label class="flex items-center gap-2">
            <select
              class="field w-auto"
              aria-label="How many of the checks"
              value={need}
              onChange={(event) =>
                onChange({ ...body, need: event.currentTarget.value as RuleBody["need"] })}
            >
              <option value="all">All of these</option>
              <option value="any">One of these</option>
            </select>
          </label>
        )}
        {list(checks, (checks) => onChange({ ...body, checks }), "Check", 1)}
      </fieldset>
      <fieldset class="grid gap-3">
        <legend class="mb-1 font-medium">Asked only where</legend>
        {list(
          when?.checks ?? [],
          (checks) =>
            onChange({
              ...body,
              when: checks.length === 0 ? null : { need: when?.need ?? "any", checks },
            }),
          "Condition",
          0,
        )}
      </fieldset>
    </>
  );
}
