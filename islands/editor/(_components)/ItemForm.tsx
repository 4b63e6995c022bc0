import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { type Field, isOffered, labelOfField } from "@/core/contract/editor/field.ts";
import { moreFields, STATES } from "@/core/contract/editor/generic_fields.ts";
import { itemLabel } from "@/core/contract/editor/item_label.ts";
import { isOrderedMenu } from "@/core/contract/editor/known_menus.ts";
import { toWritten } from "@/core/contract/editor/same_value.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import type { EditorState, FormFor } from "./editor_state.ts";
import { FieldInput } from "./FieldInput.tsx";
import { copyDraft, draftCommand, draftOf, draftProblems, type Problems } from "./item_draft.ts";
import { RowButtons } from "./RowButtons.tsx";
import type { RowActs } from "./row_acts.ts";

/** One item: its attributes, what is wrong with them, and what can be done with it. */
export function ItemForm({ state, acts, form, mayWrite }: {
  state: EditorState;
  acts: RowActs;
  form: FormFor;
  mayWrite: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const table = state.table.value!;
  const schema = state.schema.value;
  const row = form.kind === "edit" ? form.row : undefined;
  const known = schema?.fields ?? [];
  const more = useMemo(() => moreFields(schema, table), [schema, table]);
  const fields = [...known, ...more];
  const first = form.kind === "edit"
    ? draftOf(fields, form.row)
    : form.from
    ? copyDraft(fields, form.from)
    : draftOf(fields, undefined);
  const draft = useSignal(first);
  const problems = useSignal<Problems>({});
  const place = useSignal("");
  const isForced = useSignal(false);
  const cache = useMemo(() => new Map<string, Promise<string[]>>(), []);
  const isLocked = !mayWrite || (row !== undefined && !acts.canChange(row));

  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = () => dialog.current?.close();

  function readValues(menu: string, attribute: string): Promise<string[]> {
    const key = `${menu} ${attribute}`;
    const known = cache.get(key) ?? state.values(menu, attribute);
    cache.set(key, known);
    return known;
  }

  async function save(event: SubmitEvent) {
    event.preventDefault();
    const found = draftProblems({
      ...{ menu: schema, fields, draft: draft.value, row, version: state.version },
    });
    problems.value = found;
    if (Object.keys(found).length > 0 && !isForced.value) return focusFirst(found);
    const addition = row?.item === null
      ? state.pending.value.find(({ id }) => id === row.changes[0])
      : undefined;
    const change = draftCommand({
      ...{ path: table.menu, menu: schema, draft: draft.value, row },
      pendingAdd: addition?.command,
      before: place.value === "" ? null : { by: "id", id: place.value },
    });
    if (!change) return close();
    const refusal = addition
      ? await state.edit(addition.id, change.command, isForced.value)
      : await state.add([change], isForced.value);
    if (refusal) {
      problems.value = Object.fromEntries(
        refusal.issues.map(({ name, message }) => [name, message]),
      );
      return;
    }
    state.said.value = row ? "Change is pending" : "New item is pending";
    close();
  }

  function focusFirst(found: Problems) {
    const name = fields.find((field) => field.name in found)?.name;
    const element = name && dialog.current?.querySelector<HTMLElement>(`[id="f-${name}"]`);
    if (!element) return;
    element.closest("details")?.setAttribute("open", "");
    // A group of boxes takes no focus itself.
    (element.querySelector<HTMLElement>("input") ?? element).focus();
  }

  const input = (field: Field) => {
    const id = `f-${field.name}`;
    const problem = problems.value[field.name];
    const value = draft.value[field.name] ?? "";
    const write = (text: string) => draft.value = { ...draft.value, [field.name]: text };
    return (
      <div key={field.name} class={isWide(field) ? "sm:col-span-2" : ""}>
        <div class="mb-1 flex items-baseline gap-x-2">
          <label class="font-medium" for={id} id={`${id}-label`} title={field.name}>
            {labelOfField(field.name)}
          </label>
          {field.isRequired && !row && <span class="text-xs text-text-3">needed</span>}
          {field.isNegatable && value !== "" && (
            <button
              type="button"
              class="chip ml-auto px-2! py-0! text-xs!"
              aria-pressed={value.startsWith("!")}
              aria-label={`not this ${labelOfField(field.name)}`}
              onClick={() => write(value.startsWith("!") ? value.slice(1) : `!${value}`)}
            >
              not
            </button>
          )}
        </div>
        <FieldInput
          {...{ field, id, problem, readValues }}
          isNew={row === undefined || row.item === null}
          value={value}
          onInput={write}
        />
        <p id={`${id}-help`} class="mt-0.5 text-sm">
          {problem
            ? <span class="text-bad">{labelOfField(field.name)} {problem}</span>
            : <span class="text-text-3">{field.help}</span>}
        </p>
      </div>
    );
  };
  const writable = known.filter((field) => !field.isReadOnly && isOffered(field, draft.value));
  const isSet = ({ name }: Field) => (first[name] ?? "") !== "";
  const basic = writable.filter((field) => !field.isAdvanced || isSet(field));
  const folded = writable.filter((field) => !basic.includes(field));
  const moreBasic = schema ? more.filter(isSet) : more;
  const moreFolded = more.filter((field) => !moreBasic.includes(field));
  const written = new Set(fields.filter(({ isReadOnly }) => !isReadOnly).map(({ name }) => name));
  const states = Object.entries(row?.values ?? {})
    .filter(([name, value]) => !written.has(name) && value !== "");
  const places = state.rows.value.flatMap((one, at) =>
    one.item?.id && one.mark !== "removed" && one.values["dynamic"] !== "true"
      ? [{ id: one.item.id, words: `${at + 1}: ${itemLabel(schema, one.values).slice(0, 80)}` }]
      : []
  );
  const label = row ? itemLabel(schema, row.values) : "";
  const title = schema?.title ?? table.menu;
  const extra = Object.entries(problems.value).filter(([name]) => !written.has(name));

  return (
    <dialog
      ref={dialog}
      class="m-0! ml-auto! h-dvh max-h-dvh! w-full max-w-2xl! rounded-none! p-0"
      aria-labelledby="item-form"
      onClose={() => state.form.value = undefined}
    >
      <form class="flex h-full flex-col" onSubmit={(event) => void save(event)} noValidate>
        <header class="flex shrink-0 items-start gap-3 border-b border-line bg-surface px-5 py-3">
          <div class="min-w-0 flex-1">
            <h2 id="item-form" class="break text-lg">
              {row ? <bdi>{label || title}</bdi> : `New: ${title}`}
            </h2>
            <p class="mono text-sm text-text-2">{table.menu}</p>
          </div>
          <button type="button" class="btn" onClick={close}>Close</button>
        </header>
        <div class="grid min-h-0 flex-1 content-start gap-5 overflow-y-auto px-5 py-4">
          {row && isLocked && (
            <p class="rounded-panel bg-info-soft px-4 py-2 text-info">
              {row.mark === "removed"
                ? "It is to be removed: undo that to change it."
                : mayWrite
                ? "The router made this item by itself: change what it comes from."
                : "You may look at it: changing needs the permission configs:write."}
            </p>
          )}
          <fieldset class="grid gap-x-4 gap-y-3 sm:grid-cols-2" disabled={isLocked}>
            <legend class="sr-only">Attributes</legend>
            {[...basic, ...moreBasic].map(input)}
            {!row && isOrderedMenu(table.menu) && (
              <div class="sm:col-span-2">
                <label class="mb-1 block font-medium" for="place">Place</label>
                <select
                  id="place"
                  class="field"
                  value={place.value}
                  onChange={(event) => place.value = event.currentTarget.value}
                >
                  <option value="">At the end</option>
                  {places.map(({ id, words }) => (
                    <option key={id} value={id}>Before {words}</option>
                  ))}
                </select>
              </div>
            )}
          </fieldset>
          {[["More attributes", folded], ["Everything else", moreFolded]].map(([name, list]) =>
            (list as Field[]).length > 0 && (
              <details key={name as string}>
                <summary class="font-medium text-accent">
                  {name as string}{" "}
                  <span class="text-sm font-normal text-text-3">{(list as Field[]).length}</span>
                </summary>
                <fieldset class="mt-3 grid gap-x-4 gap-y-3 sm:grid-cols-2" disabled={isLocked}>
                  <legend class="sr-only">{name as string}</legend>
                  {(list as Field[]).map(input)}
                </fieldset>
              </details>
            )
          )}
          {states.length > 0 && (
            <details open={isLocked}>
              <summary class="font-medium text-accent">What the router tells of it</summary>
              <dl class="mt-2 grid grid-cols-[minmax(8rem,auto)_1fr] gap-x-3 gap-y-1 text-sm">
                {states.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)).map((
                  [name, value],
                ) => [
                  <dt key={name} class="mono text-text-2">{name}</dt>,
                  <dd key={`${name}=`} class="mono break">
                    <bdi>{plainText(toWritten(value)).slice(0, 2_000)}</bdi>
                  </dd>,
                ])}
              </dl>
            </details>
          )}
        </div>
        <footer class="grid shrink-0 gap-2 border-t border-line bg-surface px-5 py-3">
          {state.problem.value && Object.keys(problems.value).length === 0 && (
            <p class="break text-bad" role="alert">{state.problem.value}</p>
          )}
          {extra.map(([name, message]) => (
            <p key={name} class="break text-bad" role="alert">{name} {message}</p>
          ))}
          {Object.keys(problems.value).length > 0 && (
            <label class="flex items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={isForced.value}
                onChange={(event) => isForced.value = event.currentTarget.checked}
              />
              Keep it all the same: the router decides
            </label>
          )}
          <div class="flex flex-wrap items-center gap-2">
            {!isLocked && (
              <button type="submit" class="btn btn-primary" disabled={state.isSaving.value}>
                {row ? "Keep change" : "Add to pending"}
              </button>
            )}
            {row && mayWrite && !schema?.isFixed && !table.isSingle && (
              <button
                type="button"
                class="btn"
                onClick={() => {
                  close();
                  // The dialog of the original ends first: its closing clears the form.
                  setTimeout(() => state.form.value = { kind: "add", from: row });
                }}
              >
                Copy
              </button>
            )}
            {row && mayWrite && !table.isSingle && (
              <span class="ml-auto" onClick={close}>
                <RowButtons
                  {...{ row, state, acts }}
                  isOrdered={isOrderedMenu(table.menu)}
                  at={state.rows.value.findIndex(({ key }) => key === row.key)}
                  isLarge
                />
              </span>
            )}
          </div>
        </footer>
      </form>
    </dialog>
  );
}

const isWide = ({ type }: Field) =>
  (type.kind === "string" && type.isLong === true) ||
  (type.kind === "choice" && type.isList === true && type.options.length > 6);

/** What the router made up goes behind what it was told. */
const rank = (name: string) => (STATES.has(name) ? 1 : 0);
