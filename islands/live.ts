import { signal } from "@preact/signals";
import type { LiveBatch, LiveDevice } from "@/core/contract/device.ts";
import type { FleetEvent } from "@/core/contract/events.ts";
import { renewSession } from "./ask.ts";

export type Connection = "connecting" | "live" | "down";

/** Shared by every island of the page. */
export const connection = signal<Connection>("connecting");
/** The browser's clock, once a second: what "12 s ago" is computed from. */
export const now = signal(Date.now());

interface Handlers {
  batch?: (batch: LiveBatch) => void;
  device?: (device: LiveDevice) => void;
  event?: (event: FleetEvent) => void;
  /** Messages were missed: read everything anew. */
  reset?: () => void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const handlers = new Set<Handlers>();
let source: EventSource | undefined;
let watched: string | undefined;
let lastEventId = "";
let pause = FIRST_PAUSE_MS;
let retry: ReturnType<typeof setTimeout> | undefined;
let ticking: ReturnType<typeof setInterval> | undefined;

/**
 * Follows the fleet, or one device, on the page's one stream. EventSource gives up for good after an
 * answer that is not 200 (a restart behind a proxy), so reconnecting with backoff is ours.
 *
 * @returns stops following
 */
export function follow(wanted: Handlers, deviceId?: string): () => void {
  handlers.add(wanted);
  ticking ??= setInterval(() => now.value = Date.now(), 1_000);
  if (!source || (deviceId !== undefined && watched !== deviceId)) {
    watched = deviceId ?? watched;
    connect();
  }
  return () => {
    handlers.delete(wanted);
    if (handlers.size > 0) return;
    close();
    clearInterval(ticking);
    ticking = undefined;
    watched = undefined;
  };
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = undefined;
}

/** EventSource does not say why it was refused: the access token may just have run out. */
async function reconnect(): Promise<void> {
  await renewSession().catch(() => {});
  if (handlers.size > 0) connect();
}

function connect(): void {
  close();
  const query = new URLSearchParams();
  if (watched) query.set("device", watched);
  const url = `/api/events/stream${query.size > 0 ? `?${query}` : ""}`;
  const opened = source = new EventSource(url);
  opened.addEventListener("open", () => {
    // A new EventSource cannot send Last-Event-ID itself: what was missed is read anew.
    if (connection.value === "down" && lastEventId) tell("reset", undefined);
    connection.value = "live";
    pause = FIRST_PAUSE_MS;
  });
  opened.addEventListener("error", () => {
    connection.value = "down";
    if (opened.readyState !== EventSource.CLOSED) return; // it tries again by itself
    clearTimeout(retry);
    retry = setTimeout(() => void reconnect(), pause * (0.7 + 0.6 * Math.random()));
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  });
  const on = (name: "batch" | "device", use: (data: string) => void) =>
    opened.addEventListener(name, (message) => {
      lastEventId = message.lastEventId;
      use(message.data);
    });
  on("batch", (data) => {
    const batch = JSON.parse(data) as LiveBatch;
    tell("batch", batch);
    for (const event of batch.events) tell("event", event);
  });
  on("device", (data) => tell("device", JSON.parse(data) as LiveDevice));
  opened.addEventListener("reset", () => tell("reset", undefined));
}

function tell(name: keyof Handlers, value: unknown): void {
  for (const handler of handlers) {
    (handler[name] as ((value: unknown) => void) | undefined)?.(value);
  }
}
