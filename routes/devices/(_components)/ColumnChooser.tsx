import { FLEET_LOOKS } from "@/components/fleet_columns.tsx";
import { DEFAULT_COLUMNS, FLEET_COLUMNS, type FleetState } from "@/core/contract/fleet_views.ts";

/** Which columns the fleet table has. Works without scripts; the choice stands in the address. */
export function ColumnChooser(
  { state, viewId }: { state: FleetState; viewId: string | undefined },
) {
  const { q, sort, order, columns } = state;
  const shown = columns.length > 0 ? columns : DEFAULT_COLUMNS;
  return (
    <details class="relative">
      <summary class="btn list-none">Columns</summary>
      <form
        class="panel absolute right-0 z-20 mt-1 w-[min(22rem,80vw)] p-4 shadow-pop"
        action="/devices"
        aria-label="Columns"
      >
        {Object.entries({ q, sort, order, view: viewId ?? "" }).map(([name, value]) =>
          value && <input key={name} type="hidden" name={name} value={value} />
        )}
        <div class="mb-3 grid grid-cols-2 gap-1.5">
          {FLEET_COLUMNS.map((column) => (
            <label key={column} class="flex items-center gap-2">
              <input
                type="checkbox"
                name="columns"
                value={column}
                checked={shown.includes(column)}
                disabled={column === "name"}
              />
              {FLEET_LOOKS[column].label}
            </label>
          ))}
        </div>
        <div class="flex gap-2">
          <button type="submit" class="btn btn-primary">Show these</button>
          <button type="submit" class="btn" name="usual" value="1">The usual ones</button>
        </div>
      </form>
    </details>
  );
}
