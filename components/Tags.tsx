import type { TagChip } from "@/core/contract/tags.ts";

/** A tag by its colour and its name. */
export function TagName({ name, color }: Pick<TagChip, "name" | "color">) {
  return (
    <span class="tag" data-color={color}>
      <bdi class="truncate">{name}</bdi>
    </span>
  );
}

/** The tags of a router, each leading to all that have it; of many the first few. */
export function Tags({ tags, most = Infinity }: { tags: readonly TagChip[]; most?: number }) {
  const more = tags.slice(most);
  return (
    <span class="flex flex-wrap gap-1.5">
      {tags.slice(0, most).map(({ id, name, color }) => (
        <a
          key={id}
          class="hover:underline"
          href={`/devices?${new URLSearchParams({ q: `tag:"${name}"` })}`}
        >
          <TagName name={name} color={color} />
        </a>
      ))}
      {more.length > 0 && (
        <span
          class="text-xs text-text-3"
          title={more.map(({ name }) => name).join(", ")}
        >
          +{more.length}
        </span>
      )}
    </span>
  );
}
