/** A compliance score, in whole percent: 100 only when nothing fails. */
export function ScoreValue({ score }: { score: number | null }) {
  if (score === null) return <span class="text-text-3">–</span>;
  const shown = score >= 100 ? 100 : Math.min(99, Math.round(score));
  const tone = shown >= 90 ? "text-ok" : shown >= 60 ? "text-warn" : "text-bad";
  return <span class={`font-medium whitespace-nowrap ${tone}`}>{shown}&#x202f;%</span>;
}
