/** Groups to tick. */
export function GroupField({ groups }: { groups: readonly { id: string; name: string }[] }) {
  if (groups.length === 0) return null;
  return (
    <fieldset>
      <legend class="mb-1 font-medium">Groups</legend>
      <div class="flex max-h-32 flex-wrap gap-x-3 gap-y-1 overflow-y-auto">
        {groups.map(({ id, name }) => (
          <label key={id} class="flex min-h-6 items-center gap-1.5">
            <input type="checkbox" name="group" value={id} />
            <bdi>{name}</bdi>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
