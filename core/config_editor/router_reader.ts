import { Conflict, DeviceRefused, TooManyRequests } from "@/core/errors.ts";
import {
  type LinkAnswer,
  LinkFailed,
  type LinkWords,
  type RouterConnection,
  type RouterLink,
} from "@/core/router_link/link.ts";
import type { TenantId } from "@/core/scope.ts";

export interface RouterReaderOptions {
  link: RouterLink;
  /** Closes what nobody used for so long. */
  idleMs?: number;
}

type Router = { tenantId: TenantId; deviceId: string };

/** How a reading asks a router. */
export type Ask = (command: string, words?: LinkWords) => Promise<LinkAnswer>;

interface Held {
  connection: Promise<RouterConnection>;
  /** Readings of one router come one after the other: small routers suffer otherwise. */
  tail: Promise<unknown>;
  waiting: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Short of the time after which a poller hangs up, so that we know first. */
const IDLE_MS = 25_000;
/** Sessions on routers that one process keeps for its people. */
const MOST_HELD = 200;
const MOST_WAITING = 20;

/**
 * Reads from routers for people who look around in one: a session is kept for a while, so that opening
 * the next menu costs no login, and no line in the router's log.
 */
export class RouterReader implements AsyncDisposable {
  readonly #link: RouterLink;
  readonly #idleMs: number;
  readonly #held = new Map<string, Held>();

  constructor({ link, idleMs = IDLE_MS }: RouterReaderOptions) {
    this.#link = link;
    this.#idleMs = idleMs;
  }

  /**
   * Runs `work` on a session of the router. Only what reads belongs in it: it is run again, once, when
   * the kept session turns out to be gone.
   *
   * @throws {DeviceUnreachable} or {@linkcode DeviceRefused}
   */
  async read<Result>(router: Router, work: (ask: Ask) => Promise<Result>): Promise<Result> {
    const key = `${router.tenantId} ${router.deviceId}`;
    const held = this.#hold(key, router);
    if (held.waiting >= MOST_WAITING) {
      throw new TooManyRequests("Many read this router at once: try again in a moment", 5);
    }
    held.waiting += 1;
    const turn = held.tail.then(() => this.#attempt(key, held, router, work));
    held.tail = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      held.waiting -= 1;
      if (held.waiting === 0) this.#letGoLater(key, held);
    }
  }

  async #attempt<Result>(
    key: string,
    held: Held,
    router: Router,
    work: (ask: Ask) => Promise<Result>,
  ): Promise<Result> {
    for (let attempt = 1;; attempt++) {
      try {
        const connection = await held.connection;
        return await work((command, words) => connection.run(command, words));
      } catch (error) {
        if (!(error instanceof LinkFailed)) throw error;
        if (error.reason === "trap") throw inWords(error);
        // Whatever it was, the next reading begins on a new session.
        await this.#drop(key, held);
        if (error.reason !== "lost" || attempt > 1) throw error;
        held.connection = this.#open(router);
        this.#held.set(key, held);
      }
    }
  }

  #open(router: Router): Promise<RouterConnection> {
    const connection = this.#link.open(router);
    // Its failure is told where it is awaited.
    connection.catch(() => {});
    return connection;
  }

  #hold(key: string, router: Router): Held {
    const known = this.#held.get(key);
    if (known) {
      clearTimeout(known.timer);
      known.timer = undefined;
      return known;
    }
    if (this.#held.size >= MOST_HELD) this.#letGoOldest();
    const held: Held = {
      connection: this.#open(router),
      tail: Promise.resolve(),
      waiting: 0,
      timer: undefined,
    };
    this.#held.set(key, held);
    return held;
  }

  #letGoLater(key: string, held: Held): void {
    if (this.#held.get(key) !== held) return;
    clearTimeout(held.timer);
    held.timer = setTimeout(() => void this.#drop(key, held), this.#idleMs);
  }

  #letGoOldest(): void {
    for (const [key, held] of this.#held) {
      if (held.waiting > 0) continue;
      void this.#drop(key, held);
      return;
    }
    throw new Conflict("Cannot read this router now as too many are being read: try again soon");
  }

  async #drop(key: string, held: Held): Promise<void> {
    clearTimeout(held.timer);
    if (this.#held.get(key) === held) this.#held.delete(key);
    await held.connection.then((connection) => connection.close(), () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#held].map(([key, held]) => this.#drop(key, held)));
  }
}

function inWords({ message }: LinkFailed): DeviceRefused {
  return new DeviceRefused(
    /no such command/i.test(message)
      ? "This router does not have this menu: its version or its packages lack it"
      : /not enough permissions/i.test(message)
      ? "The router's user may not read this: its group needs the policy read (and sensitive)"
      : `The router refused: ${message}`,
  );
}
