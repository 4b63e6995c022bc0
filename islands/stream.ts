import { renewSession } from "./ask.ts";

export type StreamState = "connecting" | "live" | "down";

/** What a stream uses of the browser; tests bring their own. */
export interface StreamDeps {
  open(url: string): Pick<EventSource, "addEventListener" | "close" | "readyState">;
  now(): number;
  /** 0 to 1. */
  random(): number;
  /** Calls `work` later; answers how to take that back. */
  later(work: () => void, ms: number): () => void;
  /** Calls `work` when the browser comes back to the net or the page to the front. */
  onReturn(work: () => void): () => void;
  renew(): Promise<unknown>;
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
/** The server beats every 15 s: three missed beats are a dead connection. */
const SILENCE_MS = 45_000;
/** A connection that lives so long was a good one: the next trouble starts from the first pause. */
const GOOD_AFTER_MS = 10_000;
const TICK_MS = 5_000;
/** A tick that comes so late: the machine slept, and what it was connected to is gone. */
const SLEPT_MS = 20_000;
/** When the first connection took so long, what happened since the page was made is missing. */
const LATE_MS = 5_000;

const browser: StreamDeps = {
  open: (url) => new EventSource(url),
  now: () => Date.now(),
  random: () => Math.random(),
  later(work, ms) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  onReturn(work) {
    const seen = () => document.visibilityState === "visible" && work();
    globalThis.addEventListener("online", work);
    document.addEventListener("visibilitychange", seen);
    return () => {
      globalThis.removeEventListener("online", work);
      document.removeEventListener("visibilitychange", seen);
    };
  },
  renew: renewSession,
};

/**
 * A stream of the server that comes back by itself: after a cut, a restart, a sleep of the machine or a
 * new session, with pauses that grow and differ from browser to browser. It resumes where it was; the
 * handler `reset` is called when that is not possible and everything must be read anew.
 */
export class LiveStream {
  #source: ReturnType<StreamDeps["open"]> | undefined;
  #lastEventId = "";
  #pause = FIRST_PAUSE_MS;
  #cancelRetry = () => {};
  #cancelTick = () => {};
  readonly #stopReturns: () => void;
  #began: number;
  #tickedAt: number;
  #openedAt: number | undefined;
  #wasLive = false;
  #isClosed = false;
  /** When anything was heard last, milliseconds. */
  heardAt: number;

  constructor(
    readonly url: string,
    readonly handlers: Readonly<Record<string, (data: unknown) => void>>,
    readonly onState: (state: StreamState) => void,
    readonly deps: StreamDeps = browser,
  ) {
    this.#began = this.#tickedAt = this.heardAt = deps.now();
    this.#stopReturns = deps.onReturn(() => this.#returned());
    this.#connect();
    this.#tick();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry();
    this.#cancelTick();
    this.#stopReturns();
    this.#source?.close();
    this.#source = undefined;
  }

  #connect(): void {
    this.#cancelRetry();
    this.#source?.close();
    const { open, now } = this.deps;
    const resume = this.#lastEventId
      ? `${this.url.includes("?") ? "&" : "?"}lastEventId=${encodeURIComponent(this.#lastEventId)}`
      : "";
    const source = this.#source = open(this.url + resume);
    this.#openedAt = undefined;
    const hear = () => this.heardAt = now();
    hear();
    source.addEventListener("open", () => {
      if (source !== this.#source) return;
      hear();
      this.#openedAt = now();
      this.onState("live");
      if (!this.#wasLive && now() - this.#began > LATE_MS) this.handlers["reset"]?.({});
      this.#wasLive = true;
    });
    source.addEventListener("error", () => {
      if (source === this.#source) this.#failed(source.readyState === 2); // CLOSED: refused
    });
    for (const name of new Set([...Object.keys(this.handlers), "beat", "reset"])) {
      source.addEventListener(name, (message) => {
        if (source !== this.#source) return;
        hear();
        const { data, lastEventId } = message as MessageEvent<string>;
        if (lastEventId) this.#lastEventId = lastEventId;
        this.handlers[name]?.(JSON.parse(data || "{}"));
      });
    }
  }

  #failed(isRefused: boolean): void {
    this.#source?.close();
    this.#source = undefined;
    this.onState("down");
    const { now, random, later, renew } = this.deps;
    if (this.#openedAt !== undefined && now() - this.#openedAt >= GOOD_AFTER_MS) {
      this.#pause = FIRST_PAUSE_MS;
    }
    this.#cancelRetry();
    this.#cancelRetry = later(async () => {
      // Why it was refused is not said: the access token may just have run out.
      if (isRefused) await renew().catch(() => {});
      if (!this.#source && !this.#isClosed) this.#connect();
    }, this.#pause * (0.25 + random()));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  #tick(): void {
    const { now, later } = this.deps;
    this.#cancelTick = later(() => {
      const slept = now() - this.#tickedAt > SLEPT_MS;
      this.#tickedAt = now();
      if (slept) this.#returned();
      else if (this.#source && now() - this.heardAt > SILENCE_MS) this.#failed(false);
      this.#tick();
    }, TICK_MS);
  }

  /** Back from somewhere: what is connected may be dead, and what waits has waited long enough. */
  #returned(): void {
    const { now, random, later } = this.deps;
    if (this.#source && now() - this.heardAt < SLEPT_MS) return;
    this.#source?.close();
    this.#source = undefined;
    this.onState("down");
    this.#pause = FIRST_PAUSE_MS;
    this.#cancelRetry();
    this.#cancelRetry = later(() => this.#connect(), random() * 1_000);
  }
}

/** Opens a {@linkcode LiveStream}; answers how to end it. */
export function openStream(...args: ConstructorParameters<typeof LiveStream>): () => void {
  const stream = new LiveStream(...args);
  return () => stream.close();
}
