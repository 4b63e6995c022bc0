import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { EventRow } from "@/components/EventRow.tsx";
import type { FleetEvent } from "@/core/contract/events.ts";
import { follow, now } from "./live.ts";
import { withEvent } from "./events/with_event.ts";

/** The last few events, newest first; new ones appear on top. */
export default function EventFeed({ initial, renderedAt, keep, deviceId, isTrouble, isHeld }: {
  initial: FleetEvent[];
  renderedAt: number;
  keep: number;
  /** Only this device's. */
  deviceId?: string | undefined;
  /** Only what is more than information. */
  isTrouble?: boolean;
  /** Nothing is added: whether an event belongs here only the server knows. */
  isHeld?: boolean;
}) {
  const events = useSignal(initial);
  const clock = useSignal(renderedAt);
  useEffect(() => {
    const stop = follow({
      event: (event) => {
        if (isHeld || (deviceId !== undefined && event.deviceId !== deviceId)) return;
        if (isTrouble && event.severity === "info") return;
        events.value = withEvent(events.value, event, keep);
      },
    });
    const untick = now.subscribe((time) => clock.value = time);
    return () => {
      stop();
      untick();
    };
  }, [deviceId]);

  if (events.value.length === 0) {
    return (
      <p class="text-text-2">{isTrouble ? "No trouble is known." : "Nothing has happened yet."}</p>
    );
  }
  return (
    <ol class="divide-y divide-line" aria-label="Events">
      {events.value.map((event) => (
        <EventRow key={event.id} event={event} nowMs={clock.value} at="age" />
      ))}
    </ol>
  );
}
