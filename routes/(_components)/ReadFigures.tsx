import { count } from "@/core/contract/format.ts";
import type { SecretReadSummary } from "@/core/contract/transparency.ts";

/** The sums in numbers. */
export function ReadFigures({ sums }: { sums: SecretReadSummary }) {
  const figures = [
    ["Reads", sums.total],
    ["Not by polling", sums.other],
    ["Routers", sums.devices],
    ["Who", sums.byActor.length],
  ] as const;
  return (
    <dl class="mb-4 grid grid-cols-2 gap-3 sm:grid-cols-4">
      {figures.map(([name, value]) => (
        <div key={name} class="panel px-4 py-3">
          <dt class="text-sm text-text-3">{name}</dt>
          <dd class="text-xl font-semibold">{count(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
