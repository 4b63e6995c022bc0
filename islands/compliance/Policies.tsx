import { useSignal } from "@preact/signals";
import type { CompliancePolicy } from "@/core/contract/compliance.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { type Named, PolicyForm, type RuleName } from "./(_components)/PolicyForm.tsx";

/** Policies: rules, and the routers that must hold them. */
export default function Policies({ policies: initial, mayWrite, ...names }: {
  policies: CompliancePolicy[];
  rules: RuleName[];
  groups: Named[];
  tags: Named[];
  sites: Named[];
  mayWrite: boolean;
}) {
  const policies = useSignal(initial);
  const editing = useSignal<CompliancePolicy | "new" | undefined>(undefined);
  const change = useChange();

  async function reload() {
    const answer = await ask("/api/compliance/policies");
    if (answer.ok) policies.value = (await answer.json()).items;
  }
  async function save(body: Record<string, unknown>) {
    const now = editing.value!;
    const result = now === "new"
      ? await change.run("POST", "/api/compliance/policies", body)
      : await change.run("PATCH", `/api/compliance/policies/${now.id}`, body);
    if (!result) return;
    editing.value = undefined;
    await reload();
  }
  async function remove({ id, name }: CompliancePolicy) {
    if (!confirm(`Remove the policy ${name}? Its rules stay.`)) return;
    if (await change.run("DELETE", `/api/compliance/policies/${id}`)) await reload();
  }
  function edit(next: CompliancePolicy | "new" | undefined) {
    change.problem.value = "";
    editing.value = next;
  }

  const now = editing.value;
  return (
    <>
      {policies.value.length > 0 && (
        <ul class="panel mb-4 divide-y divide-line" data-testid="policies">
          {policies.value.map((policy) => (
            <li key={policy.id} class="flex flex-wrap items-start gap-3 px-4 py-3">
              <div class="min-w-60 flex-1">
                <p class="font-medium">
                  <bdi class="break">{policy.name}</bdi>
                  {!policy.isEnabled && <span class="font-normal text-warn">, switched off</span>}
                </p>
                {policy.description && (
                  <p class="break text-text-2">
                    <bdi>{policy.description}</bdi>
                  </p>
                )}
                <p class="break text-sm text-text-2">
                  {policy.ruleIds.length === 1 ? "1 rule" : `${policy.ruleIds.length} rules`} for
                  {" "}
                  <bdi>{scopeInWords(policy, names)}</bdi>
                </p>
              </div>
              {mayWrite && (
                <span class="flex gap-1.5">
                  <button
                    type="button"
                    class="btn"
                    aria-label={`Edit ${policy.name}`}
                    onClick={() => edit(policy)}
                  >
                    Edit
                  </button>
                  <button
                    type="button"
                    class="btn btn-danger"
                    aria-label={`Remove ${policy.name}`}
                    disabled={change.isBusy.value}
                    onClick={() =>
                      void remove(policy)}
                  >
                    Remove
                  </button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {mayWrite && now && (
        <PolicyForm
          key={now === "new" ? "new" : now.id}
          {...names}
          policy={now === "new" ? undefined : now}
          isBusy={change.isBusy.value}
          onSave={(body) => void save(body)}
          onCancel={() => edit(undefined)}
        />
      )}
      {mayWrite && !now && (
        <button
          type="button"
          class="btn btn-primary"
          onClick={() => edit("new")}
        >
          Add policy
        </button>
      )}
    </>
  );
}

function scopeInWords(
  { isForAll, groupIds, tagIds, siteIds }: CompliancePolicy,
  { groups, tags, sites }: { groups: Named[]; tags: Named[]; sites: Named[] },
): string {
  if (isForAll) return "every router";
  const named = (kind: string, ids: readonly string[], all: Named[]) =>
    ids.map((id) => `${kind} ${all.find((one) => one.id === id)?.name ?? id}`);
  const parts = [
    ...named("the group", groupIds, groups),
    ...named("the tag", tagIds, tags),
    ...named("the site", siteIds, sites),
  ];
  return parts.length === 0 ? "no router" : parts.join(", ");
}
