import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { StoredValue, Template, ValueHolder } from "@/core/contract/templates.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { RouterPicker } from "./(_components)/RouterPicker.tsx";
import { ValueInput, valueOf } from "./(_components)/ValueInput.tsx";

interface Kept {
  items: StoredValue[];
  isCut: boolean;
}

/** The values that are kept for a template's variables, and for whom. */
export default function TemplateValues({ template, initial, mayWrite }: {
  template: Template;
  initial: Kept;
  mayWrite: boolean;
}) {
  const kept = useSignal(initial);
  const change = useChange();
  async function reload() {
    const answer = await ask(`/api/templates/${template.id}/values`);
    if (answer.ok) kept.value = await answer.json();
  }
  async function forget({ name, holder }: StoredValue) {
    const body = { name, holder, value: null };
    if (await change.run("PUT", "/api/templates/values", body)) await reload();
  }
  if (template.variables.length === 0) {
    return <p class="panel p-6 text-center text-text-2">This template has no variables.</p>;
  }
  return (
    <div class="grid grid-cols-1 gap-6">
      <p class="text-text-2">
        A router takes the nearest: its own, its site's, that of a site above, the organisation's,
        the default. Other templates that use the same name have the same value.
      </p>
      {template.variables.map((variable) => {
        const values = kept.value.items.filter(({ name }) => name === variable.name);
        return (
          <section key={variable.name} class="panel" aria-labelledby={`v-${variable.name}`}>
            <div class="border-b border-line px-4 py-2">
              <h2 id={`v-${variable.name}`} class="mono font-medium">{variable.name}</h2>
              <p class="text-sm text-text-2">
                <span class="break block">{variable.help}</span>
                {variable.default !== null && (
                  <span class="break block">
                    {`Default: ${[variable.default].flat().join(", ")}`}
                  </span>
                )}
              </p>
            </div>
            {values.length > 0 && (
              <ul class="divide-y divide-line">
                {values.map((value) => (
                  <li
                    key={JSON.stringify(value.holder)}
                    class="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2"
                  >
                    <span class="min-w-40 flex-1">
                      <Holder value={value} />
                    </span>
                    <bdi class="mono break flex-1">
                      {value.value === null ? "hidden" : [value.value].flat().join(", ") || '""'}
                    </bdi>
                    {mayWrite && (
                      <button
                        type="button"
                        class="btn"
                        aria-label={`Forget ${variable.name} of ${
                          value.holderName ?? "the organisation"
                        }`}
                        onClick={() => void forget(value)}
                      >
                        Forget
                      </button>
                    )}
                  </li>
                ))}
              </ul>
            )}
            {mayWrite && <NewValue {...{ template, name: variable.name, onDone: reload }} />}
          </section>
        );
      })}
      {kept.value.isCut && (
        <p class="text-text-2">
          There are more values than are shown here: read them from the API.
        </p>
      )}
      {change.problem.value && <p class="break text-bad" role="alert">{change.problem.value}</p>}
    </div>
  );
}

function Holder({ value: { holder, holderName } }: { value: StoredValue }) {
  if (holder.kind === "tenant") return <>Every router</>;
  return (
    <>
      {holder.kind === "site" ? "Site " : "Router "}
      <bdi class="font-medium">{holderName}</bdi>
    </>
  );
}

interface Site {
  id: string;
  path: string;
}

function NewValue({ template, name, onDone }: {
  template: Template;
  name: string;
  onDone: () => Promise<void>;
}) {
  const variable = template.variables.find((one) => one.name === name)!;
  const kind = useSignal<ValueHolder["kind"]>("tenant");
  const sites = useSignal<Site[] | undefined>(undefined);
  const holder = useSignal<{ id: string; name: string } | undefined>(undefined);
  const text = useSignal("");
  const change = useChange();
  useEffect(() => {
    holder.value = undefined;
    if (kind.value !== "site" || sites.value) return;
    void ask("/api/sites").then(async (answer) => {
      if (answer.ok) sites.value = (await answer.json()).items;
    });
  }, [kind.value]);
  async function save(event: SubmitEvent) {
    event.preventDefault();
    if (kind.value !== "tenant" && !holder.value) {
      change.problem.value = `Choose a ${kind.value === "site" ? "site" : "router"} first.`;
      return;
    }
    const body = {
      ...{ name, value: valueOf(variable, text.value), isSecret: variable.isSecret },
      holder: kind.value === "tenant"
        ? { kind: "tenant" }
        : { kind: kind.value, id: holder.value!.id },
    };
    if (!await change.run("PUT", "/api/templates/values", body)) return;
    text.value = "";
    holder.value = undefined;
    await onDone();
  }
  return (
    <form
      class="flex flex-wrap items-end gap-2 border-t border-line px-4 py-3"
      onSubmit={(event) => void save(event)}
    >
      <label>
        <span class="block text-sm text-text-2">For</span>
        <select
          class="field"
          value={kind.value}
          onChange={(event) => kind.value = event.currentTarget.value as ValueHolder["kind"]}
        >
          <option value="tenant">Every router</option>
          <option value="site">A site</option>
          <option value="device">A router</option>
        </select>
      </label>
      {kind.value === "site" && (
        <label>
          <span class="block text-sm text-text-2">Site</span>
          <select
            class="field max-w-64"
            value={holder.value?.id ?? ""}
            onChange={(event) => {
              const id = event.currentTarget.value;
              holder.value = id === "" ? undefined : { id, name: "" };
            }}
          >
            <option value="">Choose…</option>
            {sites.value?.map(({ id, path }) => <option key={id} value={id}>{path}</option>)}
          </select>
        </label>
      )}
      {kind.value === "device" && (holder.value
        ? (
          <button type="button" class="btn max-w-64" onClick={() => holder.value = undefined}>
            <bdi class="truncate">{holder.value.name}</bdi>, change
          </button>
        )
        : (
          <div class="basis-full">
            <RouterPicker label="Router" onPick={(router) => holder.value = router} />
          </div>
        ))}
      <label class="min-w-48 flex-1">
        <span class="block text-sm text-text-2">Value</span>
        <ValueInput
          variable={variable}
          id={`value-${name}`}
          value={text.value}
          onValue={(value) => text.value = value}
        />
      </label>
      <button type="submit" class="btn" disabled={change.isBusy.value} aria-label={`Keep ${name}`}>
        Keep
      </button>
      {change.problem.value && (
        <p class="break basis-full text-bad" role="alert">{change.problem.value}</p>
      )}
    </form>
  );
}
