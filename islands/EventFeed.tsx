import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { FleetEvent } from "@/core/contract/device.ts";
import { ago, utc } from "@/core/contract/format.ts";
import { follow, now } from "./live.ts";

const TONES = { info: "text-info", warning: "text-warn", critical: "text-bad" };
const WORDS = { info: "Info", warning: "Warning", critical: "Critical" };

/** Events, newest first; new ones appear on top. Device names in them are text, whatever they hold. */
export default function EventFeed({ initial, renderedAt, keep, deviceId }: {
  initial: FleetEvent[];
  renderedAt: number;
  keep: number;
  /** Only this device's. */
  deviceId?: string | undefined;
}) {
  const events = useSignal(initial);
  const clock = useSignal(renderedAt);
  useEffect(() => {
    const stop = follow({
      event: (event) => {
        if (deviceId !== undefined && event.deviceId !== deviceId) return;
        if (events.value.some(({ id }) => id === event.id)) return;
        events.value = [event, ...events.value].slice(0, keep);
      },
    });
    const untick = now.subscribe((time) => clock.value = time);
    return () => {
      stop();
      untick();
    };
  }, [deviceId]);

  if (events.value.length === 0) return <p class="text-text-2">Nothing has happened yet.</p>;
  return (
    <ol class="divide-y divide-line" aria-label="Events">
      {events.value.map(({ id, at, severity, message, deviceId: device }) => (
        <li key={id} class="flex gap-3 py-2">
          <span class={`w-16 shrink-0 text-sm font-medium ${TONES[severity]}`}>
            {WORDS[severity]}
          </span>
          <span class="break min-w-0 flex-1">
            {device
              ? (
                <a class="hover:underline" href={`/devices/${device}`}>
                  <bdi>{message}</bdi>
                </a>
              )
              : <bdi>{message}</bdi>}
          </span>
          <time class="shrink-0 text-sm text-text-3" dateTime={at} title={utc(at)}>
            {ago(at, clock.value)}
          </time>
        </li>
      ))}
    </ol>
  );
}
