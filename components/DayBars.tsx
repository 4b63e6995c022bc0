interface Day {
  /** "2026-01-31" */
  day: string;
  polling: number;
  other: number;
}

const HEIGHT = 96;
const WIDTH = 900;

/**
 * Reads a day, polling below and all else above it. Drawn by the server: heights are SVG attributes, as
 * the CSP allows no style attribute. The table under it says the same in numbers.
 */
export function DayBars({ days }: { days: readonly Day[] }) {
  const highest = Math.max(1, ...days.map(({ polling, other }) => polling + other));
  const step = WIDTH / days.length;
  const scale = (value: number) => value === 0 ? 0 : Math.max(2, (value / highest) * HEIGHT);
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        class="h-24 w-full"
        role="img"
        aria-label={`Reads a day, ${days.length} days, at most ${highest} a day`}
      >
        {days.map(({ day, polling, other }, at) => {
          const [low, high] = [scale(polling), scale(other)];
          const box = { x: at * step, width: Math.max(1, step - 2) };
          return (
            <g key={day}>
              <title>{`${day}: ${polling} by polling, ${other} other`}</title>
              <rect {...box} y={0} height={HEIGHT} fill="transparent" />
              <rect {...box} y={HEIGHT - low} height={low} class="fill-off" />
              <rect
                {...box}
                y={Math.max(0, HEIGHT - low - high)}
                height={Math.min(high, HEIGHT - low)}
                class="fill-accent"
              />
            </g>
          );
        })}
      </svg>
      <figcaption class="mt-2 flex flex-wrap justify-between gap-x-4 text-xs text-text-3">
        <span>{days[0]?.day}</span>
        <span class="flex gap-4">
          <Key tone="text-off" name="Polling" />
          <Key tone="text-accent" name="All else" />
        </span>
        <span>{days.at(-1)?.day}</span>
      </figcaption>
    </figure>
  );
}

function Key({ tone, name }: { tone: string; name: string }) {
  return (
    <span class="inline-flex items-center gap-1.5">
      <svg width="8" height="8" class={tone} aria-hidden="true">
        <rect width="8" height="8" rx="2" fill="currentColor" />
      </svg>
      {name}
    </span>
  );
}
