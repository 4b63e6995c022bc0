import type { ComponentChildren } from "preact";
import { bps, count } from "@/core/contract/format.ts";
import type { FleetSummary } from "@/core/contract/overview.ts";

/** What one wants to know first; each figure leads to the routers behind it. */
export function KeyFigures({ summary, q }: { summary: FleetSummary; q: string }) {
  const { total, online, offline, unknown, pending, disabled } = summary;
  const list = (filter: string) =>
    `/devices?${new URLSearchParams({ q: [q, filter].filter(Boolean).join(" ") })}`;
  return (
    <dl class="mb-4 grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
      <Stat label="Online" href={list("status:online")} tone="text-ok">
        <span data-testid="online">{count(online)}</span>
        <span class="text-base font-normal text-text-3">of {count(total - disabled)}</span>
      </Stat>
      <Stat label="Offline" href={list("status:offline")} tone={offline > 0 ? "text-bad" : ""}>
        <span data-testid="offline">{count(offline)}</span>
      </Stat>
      <Stat
        label={pending > 0 ? "Unknown, pending" : "Unknown"}
        href={list(unknown > 0 ? "status:unknown" : "status:pending")}
        tone={unknown > 0 ? "text-warn" : ""}
      >
        {count(unknown + pending)}
      </Stat>
      <Stat label="Average health">
        {summary.averageHealth === null ? "–" : Math.round(summary.averageHealth)}
        <span class="text-base font-normal text-text-3">of 100</span>
      </Stat>
      <Stat label="Traffic now, rx / tx">
        <span class="text-lg">{bps(summary.rxBps)}</span>
        <span class="text-base font-normal text-text-3">{bps(summary.txBps)}</span>
      </Stat>
      <Stat label="Wireless clients">{count(summary.wirelessClients)}</Stat>
    </dl>
  );
}

function Stat({ label, tone = "", href, children }: {
  label: string;
  tone?: string;
  href?: string;
  children: ComponentChildren;
}) {
  return (
    <div class="panel px-4 py-3">
      <dt class="text-sm text-text-3">
        {href ? <a class="hover:underline" href={href}>{label}</a> : label}
      </dt>
      <dd class={`mt-0.5 flex flex-wrap items-baseline gap-x-2 text-xl font-semibold ${tone}`}>
        {children}
      </dd>
    </div>
  );
}
