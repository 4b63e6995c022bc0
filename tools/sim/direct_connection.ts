import { admits, type Visit } from "./admission.ts";
import { perform, type Result } from "./command.ts";
import { type Row, valueAt } from "./live.ts";
import type { Actor } from "./menu.ts";
import { PowerGone } from "./moments.ts";
import { parseRequest } from "./request.ts";
import type { ActiveSession, Peer, SimRouter } from "./router.ts";
import { run } from "./tasks.ts";
import { Trap } from "./trap.ts";

/** Why a connection or a command came to nothing. */
export type FailureReason = "trap" | "lost" | "timeout" | "unreachable" | "login_refused";

export class ConnectionFailed extends Error {
  constructor(readonly reason: FailureReason, message: string) {
    super(message);
  }
}

/** Words of a command, texts as byte strings. */
export interface DirectWords {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly queries?: readonly string[];
  readonly proplist?: readonly string[];
  readonly deadlineMs?: number;
}

export interface DirectAnswer {
  readonly rows: Record<string, string>[];
  readonly ret?: string;
}

const DEADLINE_MS = 30_000;

/** Resolves so much later by the router's clock, at once for nothing. */
export function wait(router: SimRouter, ms: number): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => router.time.setTimeout(resolve, ms));
}

interface Pending {
  settle(failure: ConnectionFailed): void;
}

/** One session on a router, in this process. */
export class DirectConnection implements Peer {
  readonly #router: SimRouter;
  readonly #visit: Visit;
  readonly #session: ActiveSession;
  readonly #actor: Actor;
  readonly #latencyMs: number;
  readonly #pending = new Set<Pending>();
  /** Open as far as the client knows. */
  #isOpen = true;
  /** Nothing gets through, and nobody says so. */
  #isDead = false;

  constructor(router: SimRouter, visit: Visit, session: ActiveSession, latencyMs: number) {
    this.#router = router;
    this.#visit = visit;
    this.#session = session;
    this.#latencyMs = latencyMs;
    const { name, policies } = session.user;
    this.#actor = { name, policies, holder: session, hangUp: () => this.#ended("lost") };
    router.peers.add(this);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @throws {ConnectionFailed} */
  run(command: string, words: DirectWords = {}): Promise<DirectAnswer> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen) return reject(new ConnectionFailed("lost", "the connection ended"));
      const { time } = this.#router;
      const end = () => {
        time.clearTimeout(deadline);
        this.#pending.delete(pending);
      };
      const pending: Pending = {
        settle: (failure) => {
          end();
          reject(failure);
        },
      };
      const deadline = time.setTimeout(() => {
        pending.settle(new ConnectionFailed("timeout", `no answer to ${command} in time`));
      }, words.deadlineMs ?? DEADLINE_MS);
      this.#pending.add(pending);
      const answered = (answer: DirectAnswer) => {
        if (!this.#pending.has(pending)) return;
        end();
        resolve(answer);
      };
      void this.#deliver(command, words, answered, (failure) => {
        if (this.#pending.has(pending)) pending.settle(failure);
      });
    });
  }

  /** Hangs up: the router notices if the way to it is open, else when TCP gives up. */
  close(): Promise<void> {
    if (!this.#isOpen) return Promise.resolve();
    this.#isOpen = false;
    this.#router.peers.delete(this);
    this.#fail(new ConnectionFailed("lost", "the connection was closed"));
    if (this.#isDead) return Promise.resolve();
    if (this.#isThrough()) this.#router.logOut(this.#session);
    else this.#router.linger(this.#session);
    return Promise.resolve();
  }

  /** The link goes silently; the client learns of it by its deadlines. */
  cut(): void {
    if (this.#isDead || !this.#isOpen) return;
    this.#isDead = true;
    this.#router.peers.delete(this);
    this.#router.linger(this.#session);
  }

  /** The router is gone without a word. */
  die(): void {
    this.#isDead = true;
    this.#router.peers.delete(this);
    this.#router.logOut(this.#session);
  }

  /** Both ends learn that it is over. */
  reset(): void {
    this.#ended("lost");
  }

  #ended(reason: FailureReason): void {
    if (!this.#isOpen) return;
    if (this.#isDead) return;
    this.#isOpen = false;
    this.#router.peers.delete(this);
    this.#router.logOut(this.#session);
    this.#fail(new ConnectionFailed(reason, "the connection ended"));
  }

  #fail(failure: ConnectionFailed): void {
    for (const pending of [...this.#pending]) pending.settle(failure);
  }

  #isThrough(): boolean {
    return !this.#isDead && admits(this.#router, this.#visit, "established") === "accept";
  }

  // --- commands

  async #deliver(
    command: string,
    words: DirectWords,
    answered: (answer: DirectAnswer) => void,
    failed: (failure: ConnectionFailed) => void,
  ): Promise<void> {
    await wait(this.#router, this.#latencyMs);
    if (!this.#isOpen || !this.#isThrough()) return;
    const router = this.#router;
    router.counts.commands++;
    if (router.faults.size > 0 && this.#misbehaves(command)) return;
    const told = (say: () => void) => {
      const delayMs = (router.fault("slow")?.delayMs ?? 0) + this.#latencyMs;
      const arrive = () => {
        if (this.#isOpen && this.#isThrough()) say();
      };
      if (delayMs > 0) router.time.setTimeout(arrive, delayMs);
      else arrive();
    };
    const trapped = (error: unknown) => {
      if (error instanceof PowerGone) return;
      if (!(error instanceof Trap)) throw error;
      told(() => failed(new ConnectionFailed("trap", error.message)));
    };
    try {
      const result = perform(router, requestOf(command, words), this.#actor);
      this.#answer(result, (answer) => told(() => answered(answer)), trapped);
    } catch (error) {
      trapped(error);
    }
  }

  #answer(
    result: Result,
    answered: (answer: DirectAnswer) => void,
    trapped: (error: unknown) => void,
  ): void {
    const router = this.#router;
    switch (result.kind) {
      case "ret":
        return answered(result.ret === undefined ? { rows: [] } : { rows: [], ret: result.ret });
      case "rows":
        return answered({ rows: plain(result.rows, router.now()) });
      case "task":
        return run(router, result.task, (error, ret) => {
          if (error !== undefined) trapped(error);
          else answered(ret === undefined ? { rows: [] } : { rows: [], ret });
        });
      case "changes":
        return; // a stream has no end, and nobody here reads one
      case "periodic":
        if (Number.isFinite(result.rounds)) this.#rounds(result, answered);
    }
  }

  #rounds(
    { rows, everyMs, rounds }: Extract<Result, { kind: "periodic" }>,
    answered: (answer: DirectAnswer) => void,
  ): void {
    const { boots, time } = this.#router;
    const all: Record<string, string>[] = [];
    let round = 0;
    const next = (): void => {
      if (this.#router.boots !== boots) return;
      all.push(...plain(rows(round++), this.#router.now()));
      if (round >= rounds) return answered({ rows: all });
      time.setTimeout(next, everyMs);
    };
    next();
  }

  /** @returns true when a fault took the place of the answer */
  #misbehaves(command: string): boolean {
    const router = this.#router;
    const applies = (wanted: string | undefined) => !wanted || wanted === command;
    if (router.fault("hang-command")?.command === command) return true;
    const reset = router.fault("reset");
    if (reset && applies(reset.command)) {
      this.reset();
      return true;
    }
    const hang = router.fault("hang");
    if (!hang || !applies(hang.command)) return false;
    this.cut();
    return true;
  }
}

function requestOf(command: string, words: DirectWords) {
  const sent = [command];
  for (const [name, value] of Object.entries(words.attributes ?? {})) {
    sent.push(`=${name}=${value}`);
  }
  for (const flag of words.flags ?? []) sent.push(`=${flag}=`);
  if (words.proplist) sent.push(`=.proplist=${words.proplist.join(",")}`);
  // As the product's own client does: words come without their question mark.
  for (const query of words.queries ?? []) sent.push(`?${query}`);
  return parseRequest(sent);
}

function plain(rows: readonly Row[], now: number): Record<string, string>[] {
  return rows.map((row) => {
    const shown: Record<string, string> = {};
    for (const name in row) if (!name.startsWith("$")) shown[name] = valueAt(row[name]!, now);
    return shown;
  });
}
