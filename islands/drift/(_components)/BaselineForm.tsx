import { Field } from "@/components/Field.tsx";
import type { BaselineText } from "@/core/contract/drift.ts";

const EXAMPLE = `/ip dns
set servers=192.0.2.53
/ip service
set telnet disabled=yes
/ip firewall address-list
add address=192.0.2.0/24 list=managers`;

/** A part of a configuration as text; without `onSave` it is to be read alone. */
export function BaselineForm({ baseline, groups, isBusy, onSave, onClose }: {
  /** Absent: a new one. */
  baseline: BaselineText | undefined;
  /** Those without a baseline. */
  groups: { id: string; name: string }[];
  isBusy: boolean;
  onSave?: (body: Record<string, unknown>) => void;
  onClose: () => void;
}) {
  function submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const menus = String(form.get("wholeMenus") ?? "").split(/[\s,]+/).filter(Boolean);
    onSave?.({
      ...(!baseline && { groupId: form.get("group") }),
      ...{ text: String(form.get("text")).replaceAll("\r\n", "\n"), wholeMenus: menus },
    });
  }
  return (
    <form class="panel grid gap-4 p-5" aria-labelledby="baseline-form" onSubmit={submit}>
      <h2 id="baseline-form" class="break font-semibold">
        {baseline
          ? (
            <>
              Baseline of <bdi>{baseline.name}</bdi>
            </>
          )
          : "Add baseline"}
      </h2>
      {!baseline && (
        <Field label="Group" name="baseline-group">
          <select id="baseline-group" name="group" class="field max-w-sm" required>
            {groups.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </select>
        </Field>
      )}
      <Field
        label="What each router must hold"
        name="baseline-text"
        hint="As an export has it: menus, add and set. What is not named is free. Secrets left as ******** stay what they are."
      >
        <textarea
          id="baseline-text"
          name="text"
          class="field mono min-h-56 whitespace-pre"
          required
          spellcheck={false}
          readOnly={!onSave}
          placeholder={EXAMPLE}
          defaultValue={baseline?.text}
        />
      </Field>
      <Field
        label="Menus in which nothing else may be"
        name="baseline-menus"
        hint="With spaces between: /ip/firewall/address-list /user"
      >
        <input
          id="baseline-menus"
          name="wholeMenus"
          class="field mono"
          autocomplete="off"
          spellcheck={false}
          readOnly={!onSave}
          defaultValue={baseline?.wholeMenus.join(" ")}
        />
      </Field>
      <div class="flex gap-2">
        {onSave && (
          <button type="submit" class="btn btn-primary" disabled={isBusy}>
            {baseline ? "Save baseline" : "Add baseline"}
          </button>
        )}
        <button type="button" class="btn" onClick={onClose}>{onSave ? "Cancel" : "Close"}</button>
      </div>
    </form>
  );
}
