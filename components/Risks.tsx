import type { LockoutRisk } from "@/core/contract/pushes.ts";

/** What may cut us off, certain ones first. */
export function Risks({ risks, title }: { risks: readonly LockoutRisk[]; title?: string }) {
  if (risks.length === 0) return null;
  const isBad = risks.some(({ severity }) => severity === "certain");
  const tone = isBad ? "border-bad bg-bad-soft" : "border-warn bg-warn-soft";
  return (
    <section class={`rounded-panel border px-4 py-3 ${tone}`} aria-label="Risks">
      <h3 class={`font-medium ${isBad ? "text-bad" : "text-warn"}`}>
        {title ??
          (isBad ? "This cuts TOD off from the router" : "This may cut TOD off from the router")}
      </h3>
      <ul class="mt-1 list-disc space-y-0.5 pl-5">
        {risks.map(({ severity, command, reason }, at) => (
          <li key={at} class="break">
            {severity === "possible" && isBad && <span class="text-text-2">Possibly:</span>}
            <bdi>{reason}</bdi> <span class="text-text-2">(command {command + 1})</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
