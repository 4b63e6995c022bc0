import { useSignal } from "@preact/signals";
import { Field } from "@/components/Field.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import type { ComplianceException } from "@/core/contract/compliance.ts";
import { utc } from "@/core/contract/format.ts";
import { localDay } from "@/core/contract/zone_time.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { endOfDay, UntilField } from "./(_components)/UntilField.tsx";

interface Named {
  id: string;
  name: string;
}

/** Exceptions in force and ended ones; new ones for a site or a tag. */
export default function Exceptions({ exceptions: initial, rules, tags, sites, mayWrite }: {
  exceptions: ComplianceException[];
  rules: Named[];
  tags: Named[];
  sites: Named[];
  mayWrite: boolean;
}) {
  const exceptions = useSignal(initial);
  const isAdding = useSignal(false);
  const change = useChange();

  async function reload() {
    const answer = await ask("/api/compliance/exceptions");
    if (answer.ok) exceptions.value = (await answer.json()).items;
  }
  async function remove({ id, ruleTitle, target }: ComplianceException) {
    if (
      !confirm(`Remove the exception from “${ruleTitle}” for ${target}? The rule counts again.`)
    ) {
      return;
    }
    if (await change.run("DELETE", `/api/compliance/exceptions/${id}`)) await reload();
  }
  async function add(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const [kind, id] = String(form.get("target")).split(" ");
    const answer = await change.run("POST", "/api/compliance/exceptions", {
      ...{ ruleId: form.get("rule"), [kind === "tag" ? "tagId" : "siteId"]: id },
      ...{ reason: form.get("reason"), expiresAt: endOfDay(String(form.get("until") ?? "")) },
    });
    if (!answer) return;
    isAdding.value = false;
    await reload();
  }
  return (
    <>
      {exceptions.value.length > 0 && (
        <ScrollArea label="Exceptions" class="mb-4">
          <table class="table" data-testid="exceptions">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">For</th>
                <th scope="col">Until</th>
                <th scope="col" class="hidden md:table-cell">Why</th>
                {mayWrite && <th scope="col">Actions</th>}
              </tr>
            </thead>
            <tbody>
              {exceptions.value.map((one) => (
                <tr key={one.id}>
                  <th scope="row" class="whitespace-normal!">
                    <a class="break hover:underline" href={`/compliance/rules/${one.ruleId}`}>
                      <bdi>{one.ruleTitle}</bdi>
                    </a>
                  </th>
                  <td>
                    {one.deviceId
                      ? (
                        <a
                          class="break hover:underline"
                          href={`/devices/${one.deviceId}/compliance`}
                        >
                          <bdi>{one.target}</bdi>
                        </a>
                      )
                      : (
                        <>
                          {one.siteId ? "Site " : "Tag "}
                          <bdi class="break">{one.target}</bdi>
                        </>
                      )}
                  </td>
                  <td>
                    {one.expiresAt === null
                      ? "removed"
                      : (
                        <time dateTime={one.expiresAt} title={utc(one.expiresAt)}>
                          {one.expiresAt.slice(0, 10)}
                        </time>
                      )}
                    {one.isExpired && <div class="text-sm text-warn">ended: it counts again</div>}
                  </td>
                  <td class="hidden max-w-96 whitespace-normal! md:table-cell">
                    <bdi class="break">{one.reason}</bdi>
                    {one.createdByName && (
                      <div class="text-xs text-text-3">
                        <bdi>{one.createdByName}</bdi>, {localDay(one.createdAt)}
                      </div>
                    )}
                  </td>
                  {mayWrite && (
                    <td>
                      <button
                        type="button"
                        class="btn"
                        aria-label={`Remove the exception from ${one.ruleTitle} for ${one.target}`}
                        disabled={change.isBusy.value}
                        onClick={() => void remove(one)}
                      >
                        Remove
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {mayWrite && !isAdding.value && rules.length > 0 && (
        <button
          type="button"
          class="btn btn-primary"
          onClick={() => isAdding.value = true}
        >
          Add exception for a site or tag
        </button>
      )}
      {mayWrite && isAdding.value && (
        <form
          class="panel grid gap-4 p-5 sm:grid-cols-2"
          aria-labelledby="exception-form"
          onSubmit={(event) => void add(event)}
        >
          <h2 id="exception-form" class="font-semibold sm:col-span-2">Add exception</h2>
          <Field label="Rule" name="exception-rule">
            <select id="exception-rule" name="rule" class="field" required>
              {rules.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
            </select>
          </Field>
          <Field label="For" name="exception-target">
            <select id="exception-target" name="target" class="field" required>
              <optgroup label="Sites, with all below">
                {sites.map(({ id, name }) => <option key={id} value={`site ${id}`}>{name}</option>)}
              </optgroup>
              <optgroup label="Tags">
                {tags.map(({ id, name }) => <option key={id} value={`tag ${id}`}>{name}</option>)}
              </optgroup>
            </select>
          </Field>
          <Field label="Why" name="exception-reason">
            <input
              id="exception-reason"
              name="reason"
              class="field"
              required
              minlength={3}
              maxlength={1000}
              autocomplete="off"
            />
          </Field>
          <UntilField />
          <div class="flex gap-2 sm:col-span-2">
            <button type="submit" class="btn btn-primary" disabled={change.isBusy.value}>
              Add exception
            </button>
            <button type="button" class="btn" onClick={() => isAdding.value = false}>Cancel</button>
          </div>
        </form>
      )}
    </>
  );
}
