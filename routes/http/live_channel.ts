import type { Bus } from "@/core/ports/bus.ts";

/** Messages kept for browsers that come back (Last-Event-ID). */
const MAX_KEPT = 256;
/** Messages a browser may lag behind, a full replay included; past it it is told to start over. */
const MAX_QUEUED = 2 * MAX_KEPT;
/** How long a channel without browsers keeps listening for those that come back. */
const IDLE_MS = 60_000;

const encoder = new TextEncoder();
/** An event, not a comment: browsers tell their page of events alone, and silence is how it sees a dead line. */
const HEARTBEAT = encoder.encode("event: beat\ndata: {}\n\n");
const RESET = encoder.encode("event: reset\ndata: {}\n\n");

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** What is broadcast on a subject, as events of a name. */
export interface LiveSource {
  subject: string;
  event: string;
}

/** One bus subscription a source, any number of browsers. */
export class LiveChannel {
  #readers = new Map<Controller, () => Promise<boolean>>();
  #kept: { sequence: number; bytes: Uint8Array }[] = [];
  #sequence = 0;
  /** Ids of another life of the process are never taken for ours. */
  readonly #epoch = crypto.randomUUID().slice(0, 8);
  readonly #stop = new AbortController();
  #idle: ReturnType<typeof setTimeout> | undefined;
  readonly ended: Promise<unknown>;

  constructor(
    readonly bus: Bus,
    sources: readonly LiveSource[],
    readonly onIdle: () => void,
  ) {
    this.ended = Promise.all(sources.map((source) => this.#pump(source)));
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** A browser's stream: what it missed since `lastEventId`, then what comes. */
  open(
    lastEventId: string | undefined,
    mayGoOn: () => Promise<boolean> = () => Promise.resolve(true),
  ): ReadableStream<Uint8Array> {
    clearTimeout(this.#idle);
    let own: Controller;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        controller.enqueue(encoder.encode(`retry: ${retryMs()}\n\n`));
        this.#replay(controller, lastEventId);
        // Its place from the first moment on: a cut before the first message leaves no gap either.
        controller.enqueue(encoder.encode(`id: ${this.#place()}\nevent: beat\ndata: {}\n\n`));
        this.#readers.set(controller, mayGoOn);
      },
      cancel: () => this.#leave(own),
    }, new CountQueuingStrategy({ highWaterMark: MAX_QUEUED }));
  }

  heartbeat(): void {
    for (const reader of this.#readers.keys()) this.#send(reader, HEARTBEAT);
  }

  /** Ends the streams of readers that may not go on; an error is no permission. */
  async recheck(): Promise<void> {
    for (const [reader, mayGoOn] of [...this.#readers]) {
      if (!await mayGoOn().catch(() => false)) this.#end(reader);
    }
  }

  /** Ends every stream: browsers reconnect by themselves. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.#stop.abort();
    for (const reader of [...this.#readers.keys()]) this.#end(reader);
    await this.ended;
  }

  async #pump({ subject, event }: LiveSource): Promise<void> {
    const decoder = new TextDecoder();
    const options = { capacity: MAX_KEPT, signal: this.#stop.signal };
    for await (const { data, dropped } of this.bus.listen(subject, options)) {
      if (dropped > 0) this.#resetAll(); // what is missing cannot be told: start over
      this.#sequence += 1;
      const bytes = encoder.encode(
        `id: ${this.#place()}\nevent: ${event}\ndata: ${decoder.decode(data)}\n\n`,
      );
      this.#kept.push({ sequence: this.#sequence, bytes });
      if (this.#kept.length > MAX_KEPT) this.#kept.shift();
      for (const reader of this.#readers.keys()) this.#send(reader, bytes);
    }
  }

  #place(): string {
    return `${this.#epoch}-${this.#sequence}`;
  }

  #replay(reader: Controller, lastEventId: string | undefined): void {
    if (lastEventId === undefined || lastEventId === "") return;
    const [epoch, number] = lastEventId.split("-");
    const last = Number(number);
    const oldest = this.#kept[0]?.sequence ?? this.#sequence + 1;
    const isKnown = epoch === this.#epoch && Number.isInteger(last) &&
      last <= this.#sequence && last >= oldest - 1;
    if (!isKnown) {
      reader.enqueue(RESET);
      return;
    }
    for (const { sequence, bytes } of this.#kept) if (sequence > last) reader.enqueue(bytes);
  }

  #send(reader: Controller, bytes: Uint8Array): void {
    if ((reader.desiredSize ?? 0) > 0) reader.enqueue(bytes);
    else if (bytes !== HEARTBEAT) {
      reader.enqueue(RESET);
      this.#end(reader);
    }
  }

  #resetAll(): void {
    this.#kept = [];
    for (const reader of this.#readers.keys()) this.#send(reader, RESET);
  }

  #end(reader: Controller): void {
    this.#leave(reader);
    try {
      reader.close();
    } catch { /* the browser was faster */ }
  }

  #leave(reader: Controller): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0 || this.#stop.signal.aborted) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(this.onIdle, IDLE_MS);
    Deno.unrefTimer(Number(this.#idle));
  }
}

/** After a restart everybody comes back: not all in the same moment. */
function retryMs(): number {
  return 1_000 + Math.floor(Math.random() * 4_000);
}
