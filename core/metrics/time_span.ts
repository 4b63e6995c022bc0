import { InvalidInput } from "@/core/errors.ts";
import type { TimeSpan } from "./reader.ts";

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const LONGEST_MS = 10 * 366 * 86_400_000;

/** @throws {InvalidInput} if the range is empty or longer than ten years */
export function rangeOf(range: TimeSpan) {
  const [fromMs, toMs] = [Date.parse(range.from), Date.parse(range.to)];
  if (!(toMs > fromMs) || toMs - fromMs > LONGEST_MS) {
    throw new InvalidInput("Cannot read this time range", [
      { path: "from", message: "must be before to, by ten years at most" },
    ]);
  }
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return { fromMs, toMs, from, to, spanMs: toMs - fromMs };
}
