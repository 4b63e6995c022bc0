import type { Bus } from "@/core/ports/bus.ts";
import { TooManyRequests } from "@/core/errors.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { LiveChannel, type LiveSource } from "./live_channel.ts";

const HEARTBEAT_MS = 15_000;
const RECHECK_MS = 60_000;
const MAX_STREAMS = 5_000;

export interface StreamRequest {
  tenantId: TenantId;
  deviceId: string | undefined;
  lastEventId: string | undefined;
  /** Asked again when rights changed somewhere, and once in a while: sessions end, too. */
  mayGoOn: () => Promise<boolean>;
}

/** Live streams of this process: one bus subscription a tenant (and one a watched device). */
export class SseHub implements AsyncDisposable {
  #channels = new Map<string, LiveChannel>();
  #timer: ReturnType<typeof setInterval>;
  #recheckAt = performance.now() + RECHECK_MS;
  #rechecking: Promise<void> | undefined;
  #isRecheckWanted = false;
  readonly #stop = new AbortController();
  readonly #listening: Promise<void>;

  constructor(readonly bus: Bus) {
    this.#listening = this.#listen();
    this.#timer = setInterval(() => {
      for (const channel of this.#channels.values()) channel.heartbeat();
      if (performance.now() >= this.#recheckAt) this.#recheck();
    }, HEARTBEAT_MS);
    Deno.unrefTimer(Number(this.#timer));
  }

  get streams(): number {
    let sum = 0;
    for (const channel of this.#channels.values()) sum += channel.readers;
    return sum;
  }

  /**
   * Events of the whole fleet (`batch`), or of one device (`device`) when an id is given; with both, pushes
   * of the tenant that go on (`push`).
   */
  open({ tenantId, deviceId, ...rest }: StreamRequest): Response {
    const readings = deviceId === undefined
      ? { subject: subjects.live(tenantId), event: "batch" }
      : { subject: subjects.liveDevice(tenantId, deviceId), event: "device" };
    return this.#openAll([readings, {
      subject: subjects.pushChanged(tenantId),
      event: "push",
    }], rest);
  }

  /** What is broadcast on `subject`, as events named `event`. The subject holds the tenant. */
  openOn(
    subject: string,
    event: string,
    request: Pick<StreamRequest, "lastEventId" | "mayGoOn">,
  ): Response {
    return this.#openAll([{ subject, event }], request);
  }

  /** The first source names the channel. */
  #openAll(
    sources: readonly [LiveSource, ...LiveSource[]],
    { lastEventId, mayGoOn }: Pick<StreamRequest, "lastEventId" | "mayGoOn">,
  ): Response {
    if (this.streams >= MAX_STREAMS) {
      throw new TooManyRequests("Cannot open another live stream: close other tabs", 30);
    }
    const channel = this.#channel(sources);
    return new Response(channel.open(lastEventId, mayGoOn), {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store, no-transform",
        "x-accel-buffering": "no",
      },
    });
  }

  async #listen(): Promise<void> {
    const options = { capacity: 1, signal: this.#stop.signal };
    for await (const _ of this.bus.listen(subjects.accessChanged, options)) this.#recheck();
  }

  /** Ends the streams whose readers may not go on. One round at a time; what comes meanwhile, after. */
  #recheck(): void {
    this.#recheckAt = performance.now() + RECHECK_MS;
    if (this.#rechecking) {
      this.#isRecheckWanted = true;
      return;
    }
    this.#rechecking = (async () => {
      do {
        this.#isRecheckWanted = false;
        for (const channel of [...this.#channels.values()]) await channel.recheck();
      } while (this.#isRecheckWanted);
    })().finally(() => this.#rechecking = undefined);
  }

  #channel(sources: readonly [LiveSource, ...LiveSource[]]): LiveChannel {
    const [{ subject }] = sources;
    let channel = this.#channels.get(subject);
    if (!channel) {
      const made: LiveChannel = new LiveChannel(this.bus, sources, () => {
        if (made.readers > 0) return;
        this.#channels.delete(subject);
        void made.close();
      });
      this.#channels.set(subject, channel = made);
    }
    return channel;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#listening;
    await this.#rechecking;
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    await Promise.all(channels.map((channel) => channel.close()));
  }
}
