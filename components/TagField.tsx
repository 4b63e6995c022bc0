import { type TagChip, tagNames } from "@/core/contract/tags.ts";
import { TagName } from "./Tags.tsx";

/** What {@linkcode TagField} holds in a form that was sent. */
export function chosenTags(form: FormData): string[] {
  return tagNames([...form.getAll("tag"), form.get("new-tags") ?? ""].map(String).join());
}

/** Tags to tick, and a line for new ones. */
export function TagField({ id, tags, chosen = [], mayMake, error }: {
  id: string;
  tags: readonly Omit<TagChip, "id">[];
  chosen?: readonly string[];
  mayMake: boolean;
  error?: string | undefined;
}) {
  const has = (name: string) => chosen.some((other) => other.toLowerCase() === name.toLowerCase());
  const unknown = chosen.filter((name) =>
    !tags.some((tag) => tag.name.toLowerCase() === name.toLowerCase())
  );
  return (
    <fieldset>
      <legend class="mb-1 font-medium">Tags</legend>
      {tags.length > 0 && (
        <div class="mb-2 flex max-h-32 flex-wrap gap-x-3 gap-y-1 overflow-y-auto">
          {tags.map(({ name, color }) => (
            <label key={name} class="flex min-h-6 items-center gap-1.5">
              <input type="checkbox" name="tag" value={name} defaultChecked={has(name)} />
              <TagName name={name} color={color} />
            </label>
          ))}
        </div>
      )}
      {mayMake
        ? (
          <>
            <input
              id={id}
              name="new-tags"
              class="field"
              aria-label="New tags"
              placeholder="New tags, with commas between"
              maxlength={500}
              autocomplete="off"
              defaultValue={unknown.join(", ")}
            />
          </>
        )
        : tags.length === 0 && <p class="text-sm text-text-3">There is none to choose yet.</p>}
      {error && <p class="mt-1 text-sm text-bad" id={`${id}-error`}>{error}</p>}
    </fieldset>
  );
}
