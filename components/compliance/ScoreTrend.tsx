interface Day {
  day: string;
  score: number | null;
}

const [WIDTH, HEIGHT] = [600, 96];
const DAY_MS = 86_400_000;

/** The score of each day from 0 to 100, days without one left open. Drawn by the server. */
export function ScoreTrend({ days }: { days: readonly Day[] }) {
  const known = days.filter((one): one is { day: string; score: number } => one.score !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return <p class="text-sm text-text-2">No score has been noted yet.</p>;
  const at = (day: string) => Date.parse(day) / DAY_MS;
  const span = Math.max(at(last.day) - at(first.day), 1);
  const x = (day: string) => ((at(day) - at(first.day)) / span * (WIDTH - 8) + 4).toFixed(1);
  const y = (score: number) => (HEIGHT - 4 - score / 100 * (HEIGHT - 8)).toFixed(1);
  const path = known.map(({ day, score }, index) => {
    const isApart = index === 0 || at(day) - at(known[index - 1]!.day) > 1;
    return `${isApart ? "M" : "L"}${x(day)} ${y(score)}`;
  }).join("");
  const words =
    `Score a day from ${first.day} to ${last.day}: ${Math.round(first.score)} percent ` +
    `at first, ${Math.round(last.score)} percent at the end`;
  return (
    <figure>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        class="h-24 w-full text-accent"
        role="img"
        aria-label={words}
      >
        {[0, 50, 100].map((score) => (
          <path
            key={score}
            d={`M0 ${y(score)}H${WIDTH}`}
            class="stroke-line"
            vector-effect="non-scaling-stroke"
          />
        ))}
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          stroke-width="2"
          vector-effect="non-scaling-stroke"
        />
        {known.map(({ day, score }) => (
          <path
            key={day}
            d={`M${x(day)} ${y(score)}h0`}
            stroke="currentColor"
            stroke-width="5"
            stroke-linecap="round"
            vector-effect="non-scaling-stroke"
          >
            <title>{`${day}: ${Math.round(score)} %`}</title>
          </path>
        ))}
      </svg>
      <figcaption class="mt-1 flex justify-between text-xs text-text-3">
        <span>{first.day}</span>
        {last.day !== first.day && <span>{last.day}</span>}
      </figcaption>
    </figure>
  );
}
