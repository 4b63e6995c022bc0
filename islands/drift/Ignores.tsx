import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import type { DriftIgnore } from "@/core/contract/drift.ts";
import { localDay } from "@/core/contract/zone_time.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";

/** What may differ from baselines, and why. */
export default function Ignores({ initial, mayWrite }: {
  initial: DriftIgnore[];
  mayWrite: boolean;
}) {
  const ignores = useSignal(initial);
  const isAdding = useSignal(false);
  const change = useChange();

  async function reload() {
    const answer = await ask("/api/drift/ignores");
    if (answer.ok) ignores.value = (await answer.json()).items;
  }
  async function add(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const answer = await change.run("POST", "/api/drift/ignores", {
      ...{ menu: text("menu"), attribute: text("attribute") || null },
      ...{ comment: text("comment") || null, reason: text("reason") },
    });
    if (!answer) return;
    isAdding.value = false;
    await reload();
  }
  async function remove({ id }: DriftIgnore) {
    if (await change.run("DELETE", `/api/drift/ignores/${id}`)) await reload();
  }
  return (
    <>
      {ignores.value.length === 0 && !isAdding.value && (
        <p class="mb-3 text-text-2">Nothing: every difference counts.</p>
      )}
      {ignores.value.length > 0 && (
        <ul class="panel mb-3 divide-y divide-line" data-testid="ignores">
          {ignores.value.map((one) => (
            <li key={one.id} class="flex flex-wrap items-start gap-3 px-4 py-2.5">
              <div class="min-w-60 flex-1">
                <p class="break">
                  <code>{one.menu}</code>
                  {one.attribute && (
                    <>
                      , the attribute <code>{one.attribute}</code>
                    </>
                  )}
                  {one.comment && (
                    <>
                      , with a comment like <code>{one.comment}</code>
                    </>
                  )}
                </p>
                <p class="break text-sm text-text-2">
                  <bdi>{one.reason}</bdi>
                </p>
                <p class="text-xs text-text-3">
                  {one.createdByName && <bdi>{`${one.createdByName}, `}</bdi>}
                  {localDay(one.createdAt)}
                </p>
              </div>
              {mayWrite && (
                <button
                  type="button"
                  class="btn"
                  aria-label={`Watch again: ${one.menu}`}
                  disabled={change.isBusy.value}
                  onClick={() => void remove(one)}
                >
                  Watch again
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {change.problem.value && (
        <p class="break mb-3 text-bad" role="alert">{change.problem.value}</p>
      )}
      {mayWrite && !isAdding.value && (
        <button
          type="button"
          class="btn"
          onClick={() => isAdding.value = true}
        >
          Let something differ
        </button>
      )}
      {isAdding.value && (
        <form
          class="panel grid gap-4 p-5 sm:grid-cols-2"
          aria-label="Let something differ"
          onSubmit={(event) => void add(event)}
        >
          <Text name="menu" label="Menu" hint="* stands for anything: /ip/firewall/*" isRequired />
          <Text name="attribute" label="Attribute" hint="Empty: whole items" />
          <Text name="comment" label="Comment" hint="Items with such a comment alone: temp*" />
          <Text name="reason" label="Why" hint="" isRequired />
          <div class="flex gap-2 sm:col-span-2">
            <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
              Let it differ
            </button>
            <button type="button" class="btn" onClick={() => isAdding.value = false}>Cancel</button>
          </div>
        </form>
      )}
    </>
  );
}

function Text({ name, label, hint, isRequired = false }: {
  name: string;
  label: string;
  hint: string;
  isRequired?: boolean;
}) {
  return (
    <Field label={label} name={`ignore-${name}`} hint={hint}>
      <input
        id={`ignore-${name}`}
        name={name}
        class="field"
        required={isRequired}
        autocomplete="off"
        spellcheck={false}
      />
    </Field>
  );
}
