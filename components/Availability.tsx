import { availability, type DeviceAvailability } from "@/core/contract/availability.ts";
import { duration } from "@/core/contract/format.ts";
import { SlotStrip } from "./StatusStrip.tsx";

/** How much of the last day, week and month a router was there. */
export function Availability({ spans, day, month }: DeviceAvailability) {
  return (
    <section class="panel mt-4 p-4" aria-labelledby="availability">
      <h2 id="availability" class="mb-3 font-semibold">Availability</h2>
      <dl class="mb-4 grid gap-3 sm:grid-cols-3">
        {spans.map(({ label, share, outages, longestOutageSeconds }) => (
          <div key={label}>
            <dt class="text-xs text-text-3">{label}</dt>
            <dd class="mt-0.5">
              <span class={`text-lg font-semibold ${toneOf(share)}`}>{availability(share)}</span>
              <span class="block text-sm text-text-2">
                {share === null
                  ? "Not measured"
                  : outages === 0
                  ? "No outage"
                  : `${outages} ${outages === 1 ? "outage" : "outages"}, longest ${
                    duration(longestOutageSeconds)
                  }`}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <div class="grid gap-4 md:grid-cols-2">
        <figure>
          <SlotStrip slots={day} label="Last 24 hours" />
          <Ends from="24 h ago" />
        </figure>
        <figure>
          <SlotStrip slots={month} label="Last 30 days" />
          <Ends from="30 d ago" />
        </figure>
      </div>
      <p class="mt-2 text-xs text-text-3">
        Red: offline. Short grey: not polled, which counts neither way.
      </p>
    </section>
  );
}

function Ends({ from }: { from: string }) {
  return (
    <figcaption class="mt-1 flex justify-between text-xs text-text-3">
      <span>{from}</span>
      <span>now</span>
    </figcaption>
  );
}

export function toneOf(share: number | null): string {
  if (share === null) return "text-text-3";
  return share >= 0.999 ? "text-ok" : share >= 0.99 ? "text-warn" : "text-bad";
}
