import { signal } from "@preact/signals";
import type { LiveBatch, LiveDevice } from "@/core/contract/device.ts";
import type { FleetEvent } from "@/core/contract/events.ts";
import type { PushNews } from "@/core/contract/push_views.ts";
import { LiveStream, type StreamState } from "./stream.ts";

export type Connection = StreamState;

/** Shared by every island of the page. */
export const connection = signal<Connection>("connecting");
/** The browser's clock, once a second: what "12 s ago" is computed from. */
export const now = signal(Date.now());
/** When the server was heard last, milliseconds: how old what is shown may be. */
export const heardAt = signal(Date.now());

interface Handlers {
  batch?: (batch: LiveBatch) => void;
  device?: (device: LiveDevice) => void;
  event?: (event: FleetEvent) => void;
  /** A push of the tenant went on. */
  push?: (news: PushNews) => void;
  /** Messages were missed: read everything anew. */
  reset?: () => void;
}

const handlers = new Set<Handlers>();
let stream: LiveStream | undefined;
let watched: string | undefined;
let ticking: ReturnType<typeof setInterval> | undefined;

/**
 * Follows the fleet, or one device, on the page's one stream.
 *
 * @returns stops following
 */
export function follow(wanted: Handlers, deviceId?: string): () => void {
  handlers.add(wanted);
  ticking ??= setInterval(tick, 1_000);
  if (!stream || (deviceId !== undefined && watched !== deviceId)) {
    watched = deviceId ?? watched;
    connect();
  }
  return () => {
    handlers.delete(wanted);
    if (handlers.size > 0) return;
    stream?.close();
    stream = undefined;
    clearInterval(ticking);
    ticking = undefined;
    watched = undefined;
  };
}

function tick(): void {
  now.value = Date.now();
  if (stream) heardAt.value = stream.heardAt;
}

function connect(): void {
  stream?.close();
  const query = watched ? `?device=${encodeURIComponent(watched)}` : "";
  stream = new LiveStream(`/api/events/stream${query}`, {
    batch: (data) => {
      const batch = data as LiveBatch;
      tell("batch", batch);
      for (const event of batch.events) tell("event", event);
    },
    device: (data) => tell("device", data),
    push: (data) => tell("push", data),
    reset: () => tell("reset", undefined),
  }, (state) => connection.value = state);
}

function tell(name: keyof Handlers, value: unknown): void {
  for (const handler of handlers) {
    (handler[name] as ((value: unknown) => void) | undefined)?.(value);
  }
}
