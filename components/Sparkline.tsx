const [WIDTH, HEIGHT] = [240, 40];
const TONES = ["text-accent", "text-ok"];

/** Small lines without axes, from zero up; a gap in the data is a gap in the line. */
export function Sparkline({ times, lines, label }: {
  /** Seconds, rising. */
  times: number[];
  lines: (number | null)[][];
  /** What it shows; the figures stand beside it. */
  label: string;
}) {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
  const top = lines.flat().reduce<number>((high, value) => Math.max(high, value ?? 0), 1e-9);
  const x = (time: number) => ((time - first) / Math.max(last - first, 1) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - 2 - value / top * (HEIGHT - 4)).toFixed(1);
  const path = (values: (number | null)[]) => {
    let isOn = false;
    return values.map((value, index) => {
      const command = value === null ? "" : `${isOn ? "L" : "M"}${x(times[index]!)} ${y(value)}`;
      isOn = value !== null;
      return command;
    }).join("");
  };
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      class="h-10 w-full"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${HEIGHT - 1}H${WIDTH}`} class="stroke-line" fill="none" />
      {lines.map((values, index) => (
        <path
          key={index}
          d={path(values)}
          class={TONES[index % TONES.length]}
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          vector-effect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}
