import { availability, type AvailabilitySlot, shareOf } from "@/core/contract/availability.ts";
import { utc } from "@/core/contract/format.ts";

const HEIGHT = 20;

/** The past of a router, or of many, as one bar a slot: green there, red away by its share, grey where nobody polled. */
export function StatusStrip({ slots, label, least = 4 }: {
  slots: AvailabilitySlot[];
  label: string;
  /** Height of the smallest outage, of 20: a minute away in a day must still be seen. */
  least?: number;
}) {
  return (
    <svg
      viewBox={`0 0 ${slots.length * 4} ${HEIGHT}`}
      class="h-5 w-full"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${spoken(slots)}`}
    >
      {slots.map((slot, index) => {
        const share = shareOf(slot);
        const box = { x: index * 4, width: 3.2 };
        if (share === null) {
          return <rect key={index} {...box} y={HEIGHT - 3} height={3} class="fill-line-strong" />;
        }
        const away = share === 1 ? 0 : Math.max(least, (1 - share) * HEIGHT);
        return (
          <g key={index}>
            <title>{`${utc(slot.from)}: ${availability(share)}`}</title>
            <rect {...box} y={away} height={HEIGHT - away} class="fill-ok" />
            {away > 0 && <rect {...box} y={0} height={away} class="fill-bad" />}
          </g>
        );
      })}
    </svg>
  );
}

function spoken(slots: AvailabilitySlot[]): string {
  const shares = slots.map(shareOf);
  const away = shares.filter((share) => share !== null && share < 1).length;
  if (shares.every((share) => share === null)) return "nothing was measured";
  return away === 0 ? "no outage" : `outages in ${away} of ${slots.length} parts`;
}
