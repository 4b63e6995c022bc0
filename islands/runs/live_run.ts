import { type Signal, signal } from "@preact/signals";
import type { RunInfo, RunMessage, RunOutcome, RunRow } from "@/core/contract/device_runs.ts";
import { ask, renewSession } from "../ask.ts";

export interface RunState {
  phase: "starting" | "running" | "stopping" | "ended";
  /** Of `rows` kinds the newest last; of `sections` kinds the table as it is now. */
  readonly rows: readonly RunRow[];
  /** All rows that came, those no longer held too. */
  readonly received: number;
  /** Rows the poller left out because they came too fast, or beyond what a table may hold. */
  readonly dropped: number;
  /** Messages that were lost on the way. */
  readonly gaps: number;
  readonly outcome: RunOutcome | undefined;
  readonly detail: string | null;
  /** Milliseconds since the epoch, by the poller's clock. */
  readonly began: number | undefined;
  readonly ended: number | undefined;
}

const START: RunState = {
  ...{ phase: "starting", rows: [], received: 0, dropped: 0, gaps: 0 },
  ...{ outcome: undefined, detail: null, began: undefined, ended: undefined },
};
/** Rows held by the page; older ones go. */
const MAX_ROWS = 2_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const ALL_TRIES = 10;

/** Follows one live run of any kind, from its start to its end, over a cut connection too. */
export class LiveRun {
  readonly state: Signal<RunState> = signal(START);
  #source: EventSource | undefined;
  #lastSeq = 0;
  #tries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** @param info as the start of the run answered it */
  constructor(readonly info: RunInfo) {
    this.#open();
    addEventListener("pagehide", this.#leaveBehind);
  }

  get isOver(): boolean {
    return this.state.value.phase === "ended";
  }

  /** Asks the poller to stop it; its end comes over the stream. */
  async stop(): Promise<void> {
    if (this.isOver || this.state.value.phase === "stopping") return;
    this.#set({ phase: "stopping" });
    try {
      const answer = await ask(`/api/runs/${this.info.id}`, { method: "DELETE" });
      if (answer.ok || this.isOver) return;
      if (answer.status === 404) this.#end("lost", null, Date.now());
      else this.#set({ phase: "running" });
    } catch {
      if (!this.isOver) this.#set({ phase: "running" });
    }
  }

  /** Stops it if it runs, and forgets it. */
  close(): void {
    if (!this.isOver) this.#leaveBehind();
    this.#quit();
  }

  /** Its command must not go on for the seconds until the poller notices. */
  #leaveBehind = () => {
    if (this.isOver) return;
    void fetch(`/api/runs/${this.info.id}`, { method: "DELETE", keepalive: true }).catch(() => {});
  };

  #open(): void {
    const source = this.#source = new EventSource(`/api/runs/${this.info.id}/stream`);
    source.addEventListener("open", () => this.#tries = 0);
    source.addEventListener("message", ({ data }) => this.#hear(JSON.parse(data) as RunMessage));
    source.addEventListener("error", () => {
      // Unless closed it comes back by itself, and says what it heard last.
      if (source.readyState === EventSource.CLOSED) void this.#lookWhy();
    });
  }

  /** EventSource does not say why it was refused: the run may be gone, or the access token. */
  async #lookWhy(): Promise<void> {
    if (this.isOver) return;
    const answer = await fetch(`/api/runs/${this.info.id}`).catch(() => undefined);
    if (this.isOver) return;
    if (answer?.status === 404) return this.#end("lost", null, Date.now());
    if (answer?.status === 401) await renewSession().catch(() => {});
    if (++this.#tries > ALL_TRIES) {
      return this.#end("lost", "The connection was lost and did not come back.", Date.now());
    }
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#tries, LONGEST_PAUSE_MS);
    this.#retry = setTimeout(() => this.#open(), pause);
  }

  #hear(message: RunMessage): void {
    // A new stream tells again what is known already.
    if (message.seq <= this.#lastSeq || this.isOver) return;
    this.#lastSeq = message.seq;
    const now = this.state.value;
    if (message.type === "end") return this.#end(message.outcome, message.detail, message.at);
    if (message.type === "gap") return this.#set({ gaps: now.gaps + 1 });
    if (message.type === "running") {
      return this.#set({
        began: message.at,
        ...(now.phase === "starting" && { phase: "running" as const }),
      });
    }
    const { rows, dropped } = message;
    if (message.type === "section") return this.#set({ rows, received: rows.length, dropped });
    this.#set({
      rows: [...now.rows, ...rows].slice(-MAX_ROWS),
      received: now.received + rows.length,
      dropped: now.dropped + dropped,
    });
  }

  #end(outcome: RunOutcome, detail: string | null, ended: number): void {
    this.#set({ phase: "ended", outcome, detail, ended });
    this.#quit();
  }

  #quit(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    removeEventListener("pagehide", this.#leaveBehind);
  }

  #set(change: Partial<RunState>): void {
    this.state.value = { ...this.state.value, ...change };
  }
}
