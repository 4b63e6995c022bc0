import { Trap } from "./trap.ts";

/** `10`, `10s`, `1m`, `500ms` in seconds. */
export function parseSeconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text);
  if (!match) throw new Trap("invalid value for argument interval", 1);
  const scale = match[2] === "ms" ? 0.001 : match[2] === "m" ? 60 : 1;
  return Math.max(0.01, Number(match[1]) * scale);
}
