import { availability, shareOf } from "@/core/contract/availability.ts";
import { bps, count } from "@/core/contract/format.ts";
import { type FleetTrends, TREND_SPANS } from "@/core/contract/overview.ts";
import { toneOf } from "../Availability.tsx";
import { Sparkline } from "../Sparkline.tsx";
import { StatusStrip } from "../StatusStrip.tsx";

/** Availability and traffic over a span that one chooses; the choice is in the page's address. */
export function TrendsPanel({ trends, q }: { trends: FleetTrends; q: string }) {
  const { hours, share, availability: slots, traffic } = trends;
  const link = (span: number) =>
    `/?${new URLSearchParams({ ...(q && { q }), hours: String(span) })}`;
  const most = (values: readonly (number | null)[] = []) =>
    values.reduce<number>((high, value) => Math.max(high, value ?? 0), 0);
  const label = TREND_SPANS.find((span) => span.hours === hours)?.label ?? `${hours} hours`;
  return (
    <section class="panel mb-4 p-4" aria-labelledby="trends">
      <div class="mb-3 flex flex-wrap items-center gap-2">
        <h2 id="trends" class="font-semibold">Over time</h2>
        <nav class="ml-auto flex flex-wrap gap-1.5" aria-label="Time range">
          {TREND_SPANS.map((span) => (
            <a
              key={span.hours}
              class="chip"
              href={link(span.hours)}
              aria-current={span.hours === hours ? "true" : undefined}
            >
              {span.label}
            </a>
          ))}
        </nav>
      </div>
      <div class="grid gap-x-6 gap-y-4 md:grid-cols-3">
        <Trend
          title="Availability of all routers"
          figure={availability(share)}
          tone={toneOf(share)}
        >
          <StatusStrip
            shares={slots.map(shareOf)}
            label={`Availability, last ${label}`}
            least={1}
          />
        </Trend>
        {traffic === null
          ? (
            <p class="self-center text-sm text-text-3 md:col-span-2">
              Traffic over time is kept for the whole fleet and for sites, not for other filters.
            </p>
          )
          : traffic.times.length < 2
          ? (
            <p class="self-center text-sm text-text-3 md:col-span-2">
              Traffic is noted every five minutes: its line begins here soon.
            </p>
          )
          : (
            <>
              <Trend
                title="Traffic, rx and tx"
                figure={`up to ${bps(most(traffic.rxBps))} / ${bps(most(traffic.txBps))}`}
              >
                <Sparkline
                  times={traffic.times}
                  lines={[traffic.rxBps, traffic.txBps]}
                  label={`Traffic, last ${label}`}
                />
              </Trend>
              <Trend
                title="Wireless clients"
                figure={`up to ${count(most(traffic.wirelessClients))}`}
              >
                <Sparkline
                  times={traffic.times}
                  lines={[traffic.wirelessClients]}
                  label={`Wireless clients, last ${label}`}
                />
              </Trend>
            </>
          )}
      </div>
    </section>
  );
}

function Trend({ title, figure, tone = "", children }: {
  title: string;
  figure: string;
  tone?: string;
  children: preact.ComponentChildren;
}) {
  return (
    <figure class="min-w-0">
      <figcaption class="mb-1 flex flex-wrap items-baseline justify-between gap-x-3 text-sm">
        <span class="text-text-3">{title}</span>
        <span class={`font-medium ${tone}`}>{figure}</span>
      </figcaption>
      {children}
    </figure>
  );
}
