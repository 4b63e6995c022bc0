import { TooManyRequests } from "@/core/errors.ts";
import type { Bus } from "@/core/ports/bus.ts";
import { subjects } from "@/core/subjects.ts";
import type { RunInfo, RunMessage } from "@/core/contract/device_runs.ts";

const encoder = new TextEncoder();
const HEARTBEAT = encoder.encode(": still here\n\n");
const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 200;
/** Messages handed to the socket and not yet taken; more wait on the bus, which is bounded too. */
const MAX_QUEUED = 8;

export interface RunStreamOptions {
  info: RunInfo;
  messages: AsyncIterable<RunMessage>;
  /** Asked with each heartbeat, and when rights change; an error is no permission. */
  mayGoOn(): Promise<boolean>;
  /** Ends the following. */
  leave(): void;
}

/** Live runs that browsers of this process follow, as server-sent events. */
export class RunStreams implements AsyncDisposable {
  /** By how each is ended: how it looks whether its reader may go on. */
  readonly #open = new Map<() => void, () => void>();
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;

  constructor(readonly bus: Bus) {
    this.#listening = this.#listen();
  }

  get open(): number {
    return this.#open.size;
  }

  /** Rights changed somewhere: everybody is looked at again, now. */
  async #listen(): Promise<void> {
    const options = { capacity: 1, signal: this.#stop.signal };
    for await (const _ of this.bus.listen(subjects.accessChanged, options)) {
      for (const recheck of [...this.#open.values()]) recheck();
    }
  }

  /** @throws {TooManyRequests} */
  demandRoom(): void {
    if (this.#open.size < MAX_STREAMS) return;
    throw new TooManyRequests("Cannot follow another run: close other tabs", 30);
  }

  /** `info`, then a `message` for each message of the run; its id is the message's number. */
  answer({ info, messages, mayGoOn, leave }: RunStreamOptions): Response {
    const iterator = messages[Symbol.asyncIterator]();
    let controller: ReadableStreamDefaultController<Uint8Array>;
    const release = () => {
      this.#open.delete(end);
      clearInterval(timer);
      leave();
    };
    const end = () => {
      release();
      try {
        controller.close();
      } catch { /* the browser was faster */ }
    };
    const recheck = () => void mayGoOn().catch(() => false).then((may) => may || end());
    const timer = setInterval(() => {
      if ((controller.desiredSize ?? 0) > 0) controller.enqueue(HEARTBEAT);
      recheck();
    }, HEARTBEAT_MS);
    Deno.unrefTimer(Number(timer));
    this.#open.set(end, recheck);
    const stream = new ReadableStream<Uint8Array>({
      start(own) {
        controller = own;
        controller.enqueue(event("info", info));
      },
      pull: async () => {
        const { value, done } = await iterator.next();
        if (!this.#open.has(end)) return;
        if (!done) controller.enqueue(event("message", value, value.seq));
        if (done || value.type === "end") end();
      },
      cancel: release,
    }, new CountQueuingStrategy({ highWaterMark: MAX_QUEUED }));
    return new Response(stream, {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    });
  }

  /** Ends every stream: they would hold the server open. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const end of [...this.#open.keys()]) end();
    await this.#listening;
  }
}

function event(name: string, data: unknown, id?: number): Uint8Array {
  const lead = id === undefined ? "" : `id: ${id}\n`;
  return encoder.encode(`${lead}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
