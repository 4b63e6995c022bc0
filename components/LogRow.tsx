import type { LogSeverity, StoredLogLine } from "@/core/contract/device_logs.ts";
import { utc } from "@/core/contract/format.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { localClock } from "@/core/contract/zone_time.ts";

const TONES: Record<LogSeverity, string> = {
  critical: "text-bad",
  error: "text-bad",
  warning: "text-warn",
  info: "text-text-3",
  debug: "text-text-3",
};
/** Longer ones unfold. */
const SHOWN = 300;

/** One line of a log. All of it is text: escapes, directions and controls are shown, not obeyed. */
export function LogRow({ line, withDevice, isNew }: {
  line: Omit<StoredLogLine, "deviceId" | "deviceName" | "at" | "deviceTime"> & {
    deviceId?: string;
    deviceName?: string;
    /** UTC, or what the router wrote. */
    at: string;
    deviceTime?: string | null;
  };
  withDevice: boolean;
  isNew?: boolean;
}) {
  const { at, severity, topics, message, deviceId, deviceName, deviceTime } = line;
  const text = plainText(message);
  const isIso = /^\d{4}-\d\d-\d\dT/.test(at);
  const hover = isIso
    ? `${utc(at)}${deviceTime ? `; the router wrote ${plainText(deviceTime)}` : ""}`
    : undefined;
  return (
    <li class={`px-4 py-1.5 sm:flex sm:gap-3 ${isNew ? "fresh" : ""}`} data-log={line.id}>
      <div class="flex gap-3 sm:contents">
        <time class="mono shrink-0 text-sm text-text-3" title={hover}>
          {isIso ? `${localClock(at)}${at.slice(19, 23)}` : at}
        </time>
        <span class={`w-14 shrink-0 text-sm font-medium ${TONES[severity]}`}>{severity}</span>
        {withDevice && deviceId && (
          <a
            class="min-w-0 flex-1 truncate text-sm hover:underline sm:w-36 sm:flex-none"
            href={`/devices/${deviceId}/logs`}
            title={deviceName}
          >
            <bdi>{plainText(deviceName ?? "")}</bdi>
          </a>
        )}
        <span class="ml-auto max-w-36 shrink-0 truncate text-sm text-text-3 sm:ml-0 sm:w-32">
          <bdi>{plainText(topics.join(","))}</bdi>
        </span>
      </div>
      <div class="mono min-w-0 flex-1 text-sm break whitespace-pre-wrap">
        {text.length <= SHOWN ? <bdi>{text}</bdi> : (
          <details>
            <summary class="cursor-pointer list-none">
              <bdi>{text.slice(0, SHOWN).toWellFormed()}</bdi>…{" "}
              <span class="text-accent">{text.length} characters</span>
            </summary>
            <bdi>{text}</bdi>
          </details>
        )}
      </div>
    </li>
  );
}
