import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";

const TICK_MS = 100;
const BAR = "block h-1.5 w-full appearance-none overflow-hidden rounded-control border-0 bg-line " +
  "[&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent " +
  "[&::-moz-progress-bar]:bg-accent";

/**
 * A wait of which only an estimate is known, in ms: the bar fills by time and, once the estimate is
 * over, says only that work goes on. `undefined`: not estimated yet.
 */
export function Progress({ label, estimateMs }: { label: string; estimateMs: number | undefined }) {
  const elapsed = useSignal(0);
  useEffect(() => {
    const began = performance.now();
    const timer = setInterval(() => elapsed.value = performance.now() - began, TICK_MS);
    return () => clearInterval(timer);
  }, [estimateMs]);
  const isKnown = estimateMs !== undefined && elapsed.value < estimateMs;
  const seconds = Math.max(1, Math.ceil((estimateMs ?? 0) / 1_000));
  return (
    <div class="text-sm text-text-2" data-testid="progress">
      <p class="mb-1" role="status">
        {label}
        {estimateMs !== undefined && `, about ${seconds} s on this device`}
      </p>
      {isKnown
        ? <progress class={BAR} aria-label={label} max={estimateMs} value={elapsed.value} />
        : <progress class={`${BAR} motion-safe:animate-pulse`} aria-label={label} />}
    </div>
  );
}
