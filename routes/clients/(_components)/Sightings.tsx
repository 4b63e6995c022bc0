import { ClientPlace } from "@/components/ClientPlace.tsx";
import type { ClientSighting } from "@/core/contract/clients.ts";
import { ago, duration } from "@/core/contract/format.ts";
import { localClock, localDay, timesAre } from "@/core/contract/zone_time.ts";

/** Where a client was, the latest first: a line down the time, a stay a knot. */
export function Sightings({ items, nowMs }: { items: ClientSighting[]; nowMs: number }) {
  if (items.length === 0) return <p class="text-text-2">No stay of it is kept.</p>;
  return (
    <>
      <p class="mb-3 text-sm text-text-3">{timesAre()}</p>
      <ol class="border-l border-line-strong pl-5">
        {items.map((stay) => (
          <li key={`${stay.device.id} ${stay.from} ${stay.interface}`} class="relative pb-5">
            <span
              aria-hidden="true"
              class={`absolute top-1.5 -left-[26px] h-2.5 w-2.5 rounded-full border-2 ${
                stay.isOpen ? "border-ok bg-ok" : "border-line-strong bg-surface"
              }`}
            />
            <div class="flex flex-wrap items-baseline gap-x-3">
              <span class="whitespace-nowrap">
                {at(stay.from)} – {stay.isOpen ? "now" : at(stay.to, stay.from)}
              </span>
              <span class="text-sm text-text-3">
                {duration(
                  ((stay.isOpen ? nowMs : Date.parse(stay.to)) - Date.parse(stay.from)) / 1_000,
                )}
                {stay.isOpen && `, confirmed ${ago(stay.to, nowMs)}`}
              </span>
            </div>
            <ClientPlace
              device={stay.device}
              port={stay.interface}
              ssid={stay.ssid}
              vlan={stay.vlan}
            />
            {stay.address !== null && <div class="mono text-sm">{stay.address}</div>}
          </li>
        ))}
      </ol>
    </>
  );
}

/** "2026-01-31 12:00"; without the day where it is the same as that of `beside`. */
function at(iso: string, beside?: string): string {
  const isSameDay = beside !== undefined && localDay(beside) === localDay(iso);
  return `${isSameDay ? "" : `${localDay(iso)} `}${localClock(iso).slice(0, 5)}`;
}
