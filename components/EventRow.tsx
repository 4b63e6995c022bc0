import { eventKindLabel, type FleetEvent } from "@/core/contract/events.ts";
import { ago, count, utc } from "@/core/contract/format.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { localClock } from "@/core/contract/zone_time.ts";

const TONES = { info: "text-info", warning: "text-warn", critical: "text-bad" };
const WORDS = { info: "Info", warning: "Warning", critical: "Critical" };
const SHAPES = { info: "●", warning: "▲", critical: "■" };

/** Longer ones are cut: a router's name may be a page long. */
const SHOWN = 400;
const MAX_TITLE = 4_000;

/** One event in a list. What routers said in it is text, with nothing hidden or turned around. */
export function EventRow({ event, nowMs, isNew, at }: {
  event: FleetEvent;
  /** Milliseconds. */
  nowMs: number;
  isNew?: boolean;
  /** How the time is shown: its age, or the time of day where days stand above. */
  at: "age" | "clock";
}) {
  const { severity, message, deviceId } = event;
  const whole = plainText(message);
  const text = whole.length <= SHOWN
    ? <bdi>{whole}</bdi>
    : <bdi title={whole.slice(0, MAX_TITLE)}>{whole.slice(0, SHOWN).toWellFormed()}…</bdi>;
  return (
    <li
      data-event={event.id}
      class={`flex flex-wrap gap-x-3 py-2 sm:flex-nowrap ${isNew ? "fresh" : ""}`}
    >
      <span class={`w-20 shrink-0 text-sm font-medium ${TONES[severity]}`}>
        <span aria-hidden="true" class="mr-1.5 text-xs">{SHAPES[severity]}</span>
        {WORDS[severity]}
      </span>
      <span class="break order-last min-w-0 basis-full sm:order-none sm:flex-1">
        {deviceId ? <a class="hover:underline" href={`/devices/${deviceId}`}>{text}</a> : text}
        {event.count > 1 && (
          <span class="ml-2 text-sm whitespace-nowrap text-text-3">
            {!message.includes(String(event.count)) && `${count(event.count)} times, `}until{" "}
            <time dateTime={event.lastAt ?? event.at}>
              {localClock(event.lastAt ?? event.at)}
            </time>
          </span>
        )}
      </span>
      {at === "clock" && (
        <span class="hidden w-44 shrink-0 truncate text-sm text-text-3 lg:inline">
          {eventKindLabel(event.kind)}
        </span>
      )}
      <time
        class="ml-auto shrink-0 text-sm text-text-3 tabular-nums"
        dateTime={event.at}
        title={at === "clock" ? `${utc(event.at)}, ${ago(event.at, nowMs)}` : utc(event.at)}
      >
        {at === "clock" ? localClock(event.at) : ago(event.at, nowMs)}
      </time>
    </li>
  );
}
