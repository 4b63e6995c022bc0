import { availability, type AvailabilitySlot, shareOf } from "@/core/contract/availability.ts";
import { utc } from "@/core/contract/format.ts";

const HEIGHT = 20;
const [STEP, WIDTH] = [4, 3.2];

/**
 * The past of a router, or of many, as one bar a slot: green there, red away by its share, grey where
 * nobody polled. Three shapes however many slots: an overview has hundreds of them.
 */
export function StatusStrip({ shares, label, least = 4, children }: {
  /** Of each slot, 0 to 1; `null`: not measured. Oldest first. */
  shares: (number | null)[];
  label: string;
  /** Height of the smallest outage, of 20: a minute away in a day must still be seen. */
  least?: number;
  children?: preact.ComponentChildren;
}) {
  const bars = { ok: "", bad: "", unknown: "" };
  shares.forEach((share, index) => {
    const bar = (top: number, bottom: number) =>
      `M${index * STEP} ${round(top)}h${WIDTH}V${round(bottom)}h-${WIDTH}z`;
    if (share === null) bars.unknown += bar(HEIGHT - 3, HEIGHT);
    else {
      const away = share === 1 ? 0 : Math.min(HEIGHT, Math.max(least, (1 - share) * HEIGHT));
      if (away < HEIGHT) bars.ok += bar(away, HEIGHT);
      if (away > 0) bars.bad += bar(0, away);
    }
  });
  return (
    <svg
      viewBox={`0 0 ${shares.length * STEP} ${HEIGHT}`}
      class="h-5 w-full"
      preserveAspectRatio="none"
      role="img"
      aria-label={`${label}: ${spoken(shares)}`}
    >
      <path d={bars.ok} class="fill-ok" />
      <path d={bars.bad} class="fill-bad" />
      <path d={bars.unknown} class="fill-line-strong" />
      {children}
    </svg>
  );
}

/** Slots of one router, each with its figure under the pointer. */
export function SlotStrip({ slots, label }: { slots: AvailabilitySlot[]; label: string }) {
  const shares = slots.map(shareOf);
  return (
    <StatusStrip shares={shares} label={label}>
      {slots.map(({ from }, index) => (
        <rect key={from} x={index * STEP} width={STEP} height={HEIGHT} fill="transparent">
          <title>{`${utc(from)}: ${availability(shares[index] ?? null)}`}</title>
        </rect>
      ))}
    </StatusStrip>
  );
}

const round = (value: number) => Math.round(value * 10) / 10;

function spoken(shares: (number | null)[]): string {
  const away = shares.filter((share) => share !== null && share < 1).length;
  if (shares.every((share) => share === null)) return "nothing was measured";
  return away === 0 ? "no outage" : `outages in ${away} of ${shares.length} parts`;
}
