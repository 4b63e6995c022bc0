/** Between the pages of what routers are told apart by. */
export function GroupTabs({ at }: { at: "groups" | "tags" }) {
  return (
    <nav class="mb-4 flex gap-5 border-b border-line" aria-label="Groups and tags">
      {([["groups", "Groups"], ["tags", "Tags"]] as const).map(([name, label]) => (
        <a key={name} class="tab" href={`/${name}`} aria-current={at === name ? "page" : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}
