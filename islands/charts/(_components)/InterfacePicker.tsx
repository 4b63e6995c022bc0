import { MAX_LINES } from "@/core/contract/charts.ts";
import type { InterfaceChoice } from "./DeviceChartPanel.tsx";

/** Which interfaces the charts show: all physical ones together, or those that are ticked. */
export function InterfacePicker({ interfaces, choice, onChange }: {
  interfaces: readonly string[];
  choice: InterfaceChoice;
  onChange(choice: InterfaceChoice): void;
}) {
  const { names, isSum } = choice;
  // One that is gone may still be asked for by an address.
  const all = [...interfaces, ...names.filter((name) => !interfaces.includes(name))];
  const toggle = (name: string) => {
    const rest = names.filter((other) => other !== name);
    const next = rest.length < names.length ? rest : [...names, name].slice(-MAX_LINES);
    onChange({ names: next, isSum: isSum && next.length > 1 });
  };
  const words = names.length === 0
    ? "All physical interfaces together"
    : names.length === 1
    ? names[0]
    : `${names.length} interfaces${isSum ? " together" : ""}`;
  return (
    <div class="flex flex-wrap items-center gap-3">
      <details class="relative">
        <summary class="chip max-w-64 list-none">
          <bdi class="truncate">{words}</bdi>
        </summary>
        <div class="panel absolute left-0 z-10 mt-1 max-h-72 w-64 overflow-y-auto p-2 shadow-pop">
          {names.length > 0 && (
            <button
              type="button"
              class="mb-1 px-1.5 text-sm text-accent hover:underline"
              onClick={() => onChange({ names: [], isSum: false })}
            >
              All physical interfaces together
            </button>
          )}
          {all.map((name) => (
            <label
              key={name}
              class="flex items-center gap-2 rounded-control px-1.5 py-1 hover:bg-raised"
            >
              <input
                type="checkbox"
                checked={names.includes(name)}
                onChange={() => toggle(name)}
              />
              <bdi class="truncate" title={name}>{name}</bdi>
            </label>
          ))}
        </div>
      </details>
      {names.length > 1 && (
        <label class="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            checked={isSum}
            onChange={() => onChange({ names, isSum: !isSum })}
          />
          Add them up
        </label>
      )}
    </div>
  );
}
