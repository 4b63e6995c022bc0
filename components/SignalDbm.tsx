import { dbm } from "@/core/contract/format.ts";

/** A signal, with a tone where it is too weak to work well. */
export function SignalDbm({ level }: { level: number | null }) {
  const tone = level === null
    ? "text-text-3"
    : level <= -80
    ? "text-bad font-medium"
    : level <= -72
    ? "text-warn"
    : "";
  return <span class={tone}>{dbm(level)}</span>;
}
