import { useSignal } from "@preact/signals";
import { TagName } from "@/components/Tags.tsx";
import { type Tag, TAG_COLORS } from "@/core/contract/tags.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";

/** The tags there are: how many routers have each; names and colours change in place. */
export default function TagList({ initial, mayWrite }: { initial: Tag[]; mayWrite: boolean }) {
  const tags = useSignal(initial);
  const editing = useSignal<string | undefined>(undefined);
  const change = useChange();

  async function reload() {
    const answer = await ask("/api/tags");
    if (answer.ok) tags.value = (await answer.json()).items;
  }
  async function save(event: SubmitEvent, id?: string) {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const body = { name: String(fields.get("name")).trim(), color: String(fields.get("color")) };
    const result = id
      ? await change.run("PATCH", `/api/tags/${id}`, body)
      : await change.run("POST", "/api/tags", body);
    if (!result) return;
    if (!id) form.reset();
    editing.value = undefined;
    await reload();
  }
  async function remove({ id, name, devices }: Tag) {
    const from = devices === 1 ? "1 router" : `${devices} routers`;
    if (!confirm(`Remove the tag ${name}${devices > 0 ? ` from ${from}` : ""}?`)) return;
    if (await change.run("DELETE", `/api/tags/${id}`)) await reload();
  }

  return (
    <>
      {tags.value.length > 0 && (
        <div class="panel mb-4 overflow-x-auto">
          <table class="table" data-testid="tags">
            <thead>
              <tr>
                <th scope="col">Tag</th>
                <th scope="col">Routers</th>
                {mayWrite && <th scope="col">Actions</th>}
              </tr>
            </thead>
            <tbody>
              {tags.value.map((tag) => (
                <tr key={tag.id}>
                  <th scope="row">
                    {editing.value === tag.id
                      ? (
                        <TagForm
                          tag={tag}
                          isBusy={change.isBusy.value}
                          onSave={(event) => void save(event, tag.id)}
                          onCancel={() => editing.value = undefined}
                        />
                      )
                      : <TagName name={tag.name} color={tag.color} />}
                  </th>
                  <td>
                    {tag.devices === 0 ? <span class="text-text-3">none</span> : (
                      <a
                        class="underline"
                        href={`/devices?${new URLSearchParams({ q: `tag:"${tag.name}"` })}`}
                      >
                        {tag.devices} {tag.devices === 1 ? "router" : "routers"}
                      </a>
                    )}
                  </td>
                  {mayWrite && (
                    <td>
                      <span class="flex flex-wrap gap-1.5">
                        <button
                          type="button"
                          class="btn"
                          aria-label={`Edit ${tag.name}`}
                          onClick={() => editing.value = tag.id}
                        >
                          Edit
                        </button>
                        <button
                          type="button"
                          class="btn btn-danger"
                          aria-label={`Remove ${tag.name}`}
                          disabled={change.isBusy.value}
                          onClick={() => void remove(tag)}
                        >
                          Remove
                        </button>
                      </span>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {mayWrite && (
        <div class="panel p-4">
          <h2 class="mb-2 font-semibold">Add tag</h2>
          <TagForm
            tag={undefined}
            isBusy={change.isBusy.value}
            onSave={(event) => void save(event)}
          />
        </div>
      )}
    </>
  );
}

function TagForm({ tag, isBusy, onSave, onCancel }: {
  tag: Tag | undefined;
  isBusy: boolean;
  onSave: (event: SubmitEvent) => void;
  onCancel?: () => void;
}) {
  return (
    <form class="flex flex-wrap items-center gap-2 font-normal text-text" onSubmit={onSave}>
      <input
        name="name"
        class="field max-w-56"
        aria-label={tag ? `New name of ${tag.name}` : "Name of the new tag"}
        required
        maxlength={50}
        autocomplete="off"
        defaultValue={tag?.name}
      />
      <select name="color" class="field max-w-32" aria-label="Colour">
        {TAG_COLORS.map((color) => (
          <option key={color} value={color} selected={color === (tag?.color ?? "gray")}>
            {color}
          </option>
        ))}
      </select>
      <button type="submit" class="btn btn-primary" disabled={isBusy}>
        {tag ? "Save" : "Add tag"}
      </button>
      {onCancel && <button type="button" class="btn" onClick={onCancel}>Cancel</button>}
    </form>
  );
}
