import { useSignal } from "@preact/signals";
import { SEVERITY_WORDS } from "@/components/compliance/SeverityWord.tsx";
import { Field } from "@/components/Field.tsx";
import { RULE_SEVERITIES, type RuleSeverity } from "@/core/contract/compliance_rules.ts";
import type { CompliancePolicy } from "@/core/contract/compliance.ts";

export interface Named {
  id: string;
  name: string;
}
export interface RuleName {
  id: string;
  title: string;
  severity: RuleSeverity;
}

/** A policy: its name, whom it is for, and the rules ticked in a list. */
export function PolicyForm({ policy, rules, groups, tags, sites, isBusy, onSave, onCancel }: {
  /** Absent: a new one. */
  policy: CompliancePolicy | undefined;
  rules: RuleName[];
  groups: Named[];
  tags: Named[];
  sites: Named[];
  isBusy: boolean;
  onSave: (body: Record<string, unknown>) => void;
  onCancel: () => void;
}) {
  const isForAll = useSignal(policy?.isForAll ?? true);
  const find = useSignal("");
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const ids = (name: string) => form.getAll(name).map(String);
    onSave({
      ...{ name: String(form.get("name")).trim(), isForAll: isForAll.value },
      description: String(form.get("description") ?? "").trim() || null,
      ...{ isEnabled: form.has("isEnabled"), ruleIds: ids("rule") },
      groupIds: isForAll.value ? [] : ids("group"),
      tagIds: isForAll.value ? [] : ids("tag"),
      siteIds: isForAll.value ? [] : ids("site"),
    });
  }
  const word = find.value.trim().toLowerCase();
  return (
    <form class="panel grid gap-4 p-5" aria-labelledby="policy-form" onSubmit={submit}>
      <h2 id="policy-form" class="break font-semibold">
        {policy
          ? (
            <>
              Edit <bdi>{policy.name}</bdi>
            </>
          )
          : "Add policy"}
      </h2>
      <div class="grid gap-4 sm:grid-cols-2">
        <Field label="Name" name="policy-name">
          <input
            id="policy-name"
            name="name"
            class="field"
            required
            maxlength={100}
            autocomplete="off"
            defaultValue={policy?.name}
          />
        </Field>
        <Field label="Description" name="policy-description">
          <input
            id="policy-description"
            name="description"
            class="field"
            maxlength={1000}
            autocomplete="off"
            defaultValue={policy?.description ?? ""}
          />
        </Field>
      </div>
      <label class="flex items-center gap-2">
        <input type="checkbox" name="isEnabled" defaultChecked={policy?.isEnabled ?? true} />
        Switched on
      </label>
      <fieldset class="grid gap-2">
        <legend class="mb-1 font-medium">For</legend>
        <div class="flex flex-wrap gap-4">
          {([[true, "Every router"], [false, "Some routers"]] as const).map(([value, label]) => (
            <label key={label} class="flex items-center gap-2">
              <input
                type="radio"
                name="scope"
                checked={isForAll.value === value}
                onChange={() => isForAll.value = value}
              />
              {label}
            </label>
          ))}
        </div>
        {!isForAll.value && (
          <div class="grid gap-3 sm:grid-cols-3">
            <Choice name="group" words="Groups" items={groups} chosen={policy?.groupIds ?? []} />
            <Choice name="tag" words="Tags" items={tags} chosen={policy?.tagIds ?? []} />
            <Choice
              name="site"
              words="Sites, with all below"
              items={sites}
              chosen={policy?.siteIds ?? []}
            />
          </div>
        )}
      </fieldset>
      <fieldset>
        <legend class="mb-1 font-medium">Rules</legend>
        <input
          type="search"
          class="field mb-2 max-w-sm"
          placeholder="Find a rule"
          aria-label="Find a rule"
          value={find.value}
          onInput={(event) => find.value = event.currentTarget.value}
        />
        <div class="grid gap-x-6 gap-y-3 lg:grid-cols-2">
          {RULE_SEVERITIES.map((severity) => {
            const own = rules.filter((rule) => rule.severity === severity);
            if (own.length === 0) return null;
            return (
              <div key={severity}>
                <p class="text-sm text-text-2">{SEVERITY_WORDS[severity]}</p>
                {own.map(({ id, title }) => (
                  <label
                    key={id}
                    class={`items-start gap-2 py-0.5 ${
                      title.toLowerCase().includes(word) ? "flex" : "hidden"
                    }`}
                  >
                    <input
                      type="checkbox"
                      class="mt-1"
                      name="rule"
                      value={id}
                      defaultChecked={policy?.ruleIds.includes(id) ?? false}
                    />
                    <bdi class="break">{title}</bdi>
                  </label>
                ))}
              </div>
            );
          })}
        </div>
      </fieldset>
      <div class="flex gap-2">
        <button type="submit" class="btn btn-primary" disabled={isBusy}>
          {policy ? "Save" : "Add policy"}
        </button>
        <button type="button" class="btn" onClick={onCancel}>Cancel</button>
      </div>
    </form>
  );
}

function Choice({ name, words, items, chosen }: {
  name: string;
  words: string;
  items: Named[];
  chosen: readonly string[];
}) {
  return (
    <div role="group" aria-label={words}>
      <p class="text-sm text-text-2">{words}</p>
      <div class="max-h-48 overflow-y-auto rounded-control border border-line p-2">
        {items.length === 0 && <p class="text-text-3">There are none.</p>}
        {items.map((item) => (
          <label key={item.id} class="flex items-start gap-2 py-0.5">
            <input
              type="checkbox"
              class="mt-1"
              name={name}
              value={item.id}
              defaultChecked={chosen.includes(item.id)}
            />
            <bdi class="break">{item.name}</bdi>
          </label>
        ))}
      </div>
    </div>
  );
}
