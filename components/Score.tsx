/** A health score from 0 to 100 with its reasons. */
export function Score({ score, reasons = [] }: { score: number | null; reasons?: string[] }) {
  if (score === null) return <span class="text-text-3">–</span>;
  const tone = score >= 90 ? "text-ok" : score >= 60 ? "text-warn" : "text-bad";
  return (
    <span class={`font-medium ${tone}`} title={reasons.join("\n") || "No problem found"}>
      {score}
    </span>
  );
}
