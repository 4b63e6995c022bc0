import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Field } from "@/components/Field.tsx";
import type { Group } from "@/core/contract/groups.ts";
import { ask } from "../../ask.ts";

/** Adds a group, or edits one; a rule shows at once whom it fits. */
export function GroupForm({ group, isBusy, onSave, onCancel }: {
  /** Absent: a new one. */
  group: Group | undefined;
  isBusy: boolean;
  onSave: (body: Record<string, unknown>) => void;
  onCancel: () => void;
}) {
  const hasRule = useSignal(group?.rule != null);
  const rule = useSignal(group?.rule ?? "");
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    onSave({
      name: text("name"),
      description: text("description") || null,
      rule: hasRule.value ? rule.value.trim() : null,
    });
  }
  return (
    <form
      class="panel grid gap-4 p-5 sm:grid-cols-2"
      aria-labelledby="group-form"
      onSubmit={submit}
    >
      <h2 id="group-form" class="break font-semibold sm:col-span-2">
        {group
          ? (
            <>
              Edit <bdi>{group.name}</bdi>
            </>
          )
          : "Add group"}
      </h2>
      <Field label="Name" name="group-name">
        <input
          id="group-name"
          name="name"
          class="field"
          required
          maxlength={100}
          autocomplete="off"
          defaultValue={group?.name}
        />
      </Field>
      <Field label="Description" name="group-description">
        <input
          id="group-description"
          name="description"
          class="field"
          maxlength={1000}
          autocomplete="off"
          defaultValue={group?.description ?? ""}
        />
      </Field>
      <fieldset class="sm:col-span-2">
        <legend class="mb-1 font-medium">Members</legend>
        <div class="flex flex-wrap gap-4">
          {([[false, "Chosen by hand"], [true, "By a rule"]] as const).map(([value, label]) => (
            <label key={label} class="flex items-center gap-2">
              <input
                type="radio"
                name="kind"
                checked={hasRule.value === value}
                onChange={() => hasRule.value = value}
              />
              {label}
            </label>
          ))}
        </div>
        {!hasRule.value && (
          <p class="mt-1 text-sm text-text-3">
            Select routers in the fleet table, then “Group”, to put them in.
          </p>
        )}
      </fieldset>
      {hasRule.value && (
        <div class="sm:col-span-2">
          <Field
            label="Rule"
            name="group-rule"
            hint='As in the search of the fleet: tag:backhaul -site:"Vienna Water" version:<7.16'
          >
            <input
              id="group-rule"
              class="field mono"
              required
              maxlength={500}
              autocomplete="off"
              spellcheck={false}
              value={rule.value}
              onInput={(event) => rule.value = event.currentTarget.value}
            />
          </Field>
          <Preview rule={rule.value} />
        </div>
      )}
      <div class="flex gap-2 sm:col-span-2">
        <button type="submit" class="btn btn-primary" disabled={isBusy}>
          {group ? "Save" : "Add group"}
        </button>
        <button type="button" class="btn" onClick={onCancel}>Cancel</button>
      </div>
    </form>
  );
}

const ASK_AFTER_MS = 250;

interface Fitting {
  items: { id: string; name: string }[];
  total: number;
  problems: string[];
}

function Preview({ rule }: { rule: string }) {
  const fitting = useSignal<Fitting | undefined>(undefined);
  useEffect(() => {
    fitting.value = undefined;
    if (rule.trim() === "") return;
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      const query = new URLSearchParams({ q: rule, limit: "5" });
      const answer = await ask(`/api/devices?${query}`, { signal: ending.signal }).catch(() =>
        null
      );
      if (answer?.ok && !ending.signal.aborted) fitting.value = await answer.json();
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [rule]);
  if (!fitting.value) return null;
  const { items, total, problems } = fitting.value;
  const names = items.map(({ name }) => name.slice(0, 60));
  return (
    <p class="break mt-2 text-sm" role="status">
      {problems.map((problem) => <span key={problem} class="block text-warn">{problem}</span>)}
      {total === 0
        ? "It fits no router now."
        : `It fits ${total === 1 ? "1 router" : `${total} routers`} now: `}
      {names.map((name, at) => (
        <span key={items[at]!.id}>
          {at > 0 && ", "}
          <bdi>{name}</bdi>
        </span>
      ))}
      {total > items.length && " …"}
    </p>
  );
}
