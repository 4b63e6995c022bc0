import type { PushDeps } from "@/core/push/deps.ts";
import type { PushRecord } from "@/core/push/record.ts";
import type { PushStore } from "@/core/push/store.ts";
import {
  LINK_IDLE_MS,
  LinkFailed,
  type LinkFailure,
  type LinkWords,
  type RouterConnection,
} from "@/core/router_link/link.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { connectDirectly } from "@/tools/sim/direct.ts";
import { exportText } from "@/tools/sim/export.ts";
import type { SimRouter } from "@/tools/sim/router.ts";
import type { VirtualTime } from "@/tools/sim/time.ts";

/** What a cell does to the worker, or to the router, at a moment of the push. */
export interface Hooks {
  /** Around each save; `n` counts from 0 over all workers of the push. */
  save?(
    worker: Worker,
    when: "before" | "after",
    record: PushRecord,
    n: number,
  ): Promise<void> | void;
  /** Before each command to the router; `n` counts from 0. */
  command?(worker: Worker, command: string, n: number): Promise<void> | void;
}

export interface World {
  readonly router: SimRouter;
  readonly time: VirtualTime;
  readonly store: PushStore;
  readonly hooks: Hooks;
  /** Over all workers. */
  readonly counts: { saves: number; commands: number };
  readonly hasExport: boolean;
  readonly tiers: PushDeps["tiers"];
  readonly probe: PushDeps["probe"];
}

const never = <T>(): Promise<T> => new Promise(() => {});

/** A process of the product: it may die, and then nothing of it goes on, or sleep for a long time. */
export class Worker {
  readonly #world: World;
  readonly #open = new Set<{ close(): void }>();
  #isDead = false;
  readonly died: Promise<void>;
  #tellDied!: () => void;

  constructor(world: World) {
    this.#world = world;
    this.died = new Promise((resolve) => this.#tellDied = resolve);
  }

  get deps(): PushDeps {
    const { store, time, router, hasExport, tiers, probe } = this.#world;
    const alive = <T>(work: () => Promise<T>) => this.#alive(work);
    return {
      clock: this.clock,
      log: silent,
      store: {
        take: (id) => alive(() => store.take(id)),
        renew: (id, epoch) => alive(() => store.renew(id, epoch)),
        release: (id, epoch) => alive(() => store.release(id, epoch)),
        save: (record, epoch) => alive(() => this.#save(record, epoch)),
      },
      link: { open: () => alive(() => this.#connect()) },
      exportText: () =>
        alive(async () => {
          await time.sleep(1_500);
          return hasExport && router.isUp
            ? exportText(router, { isTerse: true, hasSecrets: true, hasHeader: true })
            : undefined;
        }),
      probe: (record, what, connection) => alive(() => probe(record, what, connection)),
      onChanged: () => {},
      ...(tiers && { tiers }),
    };
  }

  get clock(): Clock {
    const { time } = this.#world;
    return {
      now: () => time.now(),
      monotonic: () => time.now(),
      sleep: (ms, signal) =>
        this.#alive(() =>
          signal?.aborted ? Promise.resolve() : time.sleep(ms, signal).catch(() => {})
        ),
    };
  }

  /** The process is gone at once; its poller drops the connections when they were idle long enough. */
  die(): Promise<never> {
    if (!this.#isDead) {
      this.#isDead = true;
      this.#tellDied();
    }
    return never();
  }

  /** As a machine does that is suspended: nothing happens, and then all goes on. */
  async sleepThrough(ms: number): Promise<void> {
    await this.#world.time.sleep(ms);
  }

  async #alive<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isDead) return await never();
    try {
      const value = await work();
      return this.#isDead ? await never() : value;
    } catch (error) {
      if (this.#isDead) return await never();
      throw error;
    }
  }

  async #save(record: PushRecord, epoch: number): Promise<void> {
    const { hooks, store, counts } = this.#world;
    const n = counts.saves++;
    await hooks.save?.(this, "before", record, n);
    if (this.#isDead) return await never();
    await store.save(record, epoch);
    await hooks.save?.(this, "after", record, n);
  }

  async #connect(): Promise<RouterConnection> {
    const { router, time, hooks, counts } = this.#world;
    const [user] = router.spec.users;
    const options = { user: user!.name, password: user!.password, latencyMs: 8 };
    const connection = await connectDirectly(router, options).catch((error) => {
      throw failure(error);
    });
    let idle: ReturnType<VirtualTime["setTimeout"]> | undefined;
    const close = () => {
      time.clearTimeout(idle);
      this.#open.delete(handle);
      void connection.close();
    };
    // Nobody uses it any more: the poller hangs up.
    const touch = () => {
      time.clearTimeout(idle);
      idle = time.setTimeout(close, LINK_IDLE_MS);
    };
    const handle = { close };
    this.#open.add(handle);
    touch();
    return {
      run: (command: string, words: LinkWords = {}) =>
        this.#alive(async () => {
          await hooks.command?.(this, command, counts.commands++);
          if (this.#isDead) return await never();
          touch();
          try {
            return await connection.run(command, words);
          } catch (error) {
            throw failure(error);
          } finally {
            touch();
          }
        }),
      close: () => this.#alive(() => Promise.resolve(close())),
    };
  }
}

function failure(error: unknown): unknown {
  const { reason, message } = error as { reason?: LinkFailure; message: string };
  return reason === undefined ? error : new LinkFailed(reason, message);
}

const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silent,
};
