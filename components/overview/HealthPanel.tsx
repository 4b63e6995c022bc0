import { count } from "@/core/contract/format.ts";
import { CAUSES, type FleetSummary } from "@/core/contract/overview.ts";
import { BarList, Panel } from "./Panel.tsx";

/** How many routers are well, and in words what the others lack. */
export function HealthPanel({ summary, q }: { summary: FleetSummary; q: string }) {
  const { good, fair, poor } = summary.health;
  const judged = good + fair + poor;
  const most = Math.max(1, ...summary.causes.map(({ devices }) => devices));
  const parts = [
    { name: "Good, 90 and more", value: good, tone: "fill-ok", text: "text-ok" },
    { name: "Fair, 60 to 89", value: fair, tone: "fill-warn", text: "text-warn" },
    { name: "Poor, below 60", value: poor, tone: "fill-bad", text: "text-bad" },
  ];
  return (
    <Panel id="health" title="Health">
      {judged === 0 ? <p class="text-text-2">No router has been judged yet.</p> : (
        <>
          <Stack parts={parts} sum={judged} />
          <ul class="my-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">
            {parts.map(({ name, value, text }) => (
              <li key={name}>
                <span class={`font-medium ${text}`}>{count(value)}</span>{" "}
                <span class="text-text-3">{name}</span>
              </li>
            ))}
          </ul>
          <h3 class="mt-3 mb-1.5 text-sm text-text-3">What costs health</h3>
          {summary.causes.length === 0 ? <p class="text-text-2">Nothing: all is well.</p> : (
            <BarList
              rows={summary.causes.map(({ cause, devices }) => {
                const { label, query, sort } = CAUSES[cause];
                const link = new URLSearchParams({
                  q: [q, query].filter(Boolean).join(" "),
                  sort,
                  order: sort === "health" || sort === "status" ? "asc" : "desc",
                });
                return {
                  ...{ key: cause, name: label, href: `/devices?${link}` },
                  ...{ value: count(devices), share: devices / most },
                  tone: cause === "offline" ? "fill-bad" : "fill-warn",
                };
              })}
            />
          )}
        </>
      )}
    </Panel>
  );
}

function Stack({ parts, sum }: { parts: { value: number; tone: string }[]; sum: number }) {
  let x = 0;
  return (
    <svg viewBox="0 0 100 8" class="h-2.5 w-full" preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ value, tone }) => {
        const width = value / sum * 100;
        const from = x;
        x += width;
        return <rect key={tone} x={from} width={width} height="8" class={tone} />;
      })}
    </svg>
  );
}
