import { now } from "../../live.ts";

/** The time left to decide, as digits and as a bar that empties. */
export function Countdown({ until, windowSeconds, offsetMs }: {
  until: string;
  windowSeconds: number;
  /** What the server's clock is ahead of the browser's. */
  offsetMs: number;
}) {
  const left = Math.max(0, Math.ceil((Date.parse(until) - now.value - offsetMs) / 1_000));
  const digits = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return (
    <div class="min-w-40 flex-1">
      <p class="flex items-baseline gap-2">
        <span class="mono text-2xl tabular-nums" role="timer" data-testid="countdown">
          {digits}
        </span>
        <span class="text-sm text-text-2">
          {left > 0 ? "until it is taken back" : "time is up"}
        </span>
      </p>
      <progress
        class="scan-progress mt-1"
        max={windowSeconds}
        value={Math.min(left, windowSeconds)}
        aria-label="Time left to confirm"
      />
    </div>
  );
}

/** How far the server's clock is ahead; what the page took to load is no difference of clocks. */
export function clockOffset(renderedAt: number): number {
  const offset = renderedAt - Date.now();
  return Math.abs(offset) < 10_000 ? 0 : offset;
}
