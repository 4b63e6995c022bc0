import { Redis } from "ioredis";
import { messageOf, Unavailable } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import type { Lease, Locks } from "@/core/ports/locks.ts";

const RENEW = `
  if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) end
  return 0`;
const RELEASE = `
  if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end
  return 0`;
const HIT = `
  local count = redis.call("incr", KEYS[1])
  if count == 1 then redis.call("pexpire", KEYS[1], ARGV[1]) end
  return { count, redis.call("pttl", KEYS[1]) }`;

const PREFIX = "tod:";
/** Most that the first command waits for the connection, and any command for its answer. */
const COMMAND_TIMEOUT_MS = 1_500;
/** Longest wait for a connection that was there and is gone: a restart passes, an outage does not. */
const RECONNECT_WAIT_MS = 250;

/** Locks among processes. A Redis that is away fails fast: callers skip a turn, nothing hangs. */
export class RedisLocks implements Locks {
  #wasReady = false;
  #onReady = () => {};
  #connecting: Promise<void> | undefined;

  private constructor(readonly redis: Redis) {}

  static open(url: string, log: Logger): RedisLocks {
    const redis = new Redis(url, {
      commandTimeout: COMMAND_TIMEOUT_MS,
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false, // a queue would let callers wait for an outage to end
      retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
    });
    const locks = new RedisLocks(redis);
    let away = false;
    redis.on("error", (error: Error) => {
      if (!away) log.warn("Redis does not answer", { error: error.message });
      away = true;
    });
    redis.on("ready", () => {
      if (away) log.info("Redis answers again");
      away = false;
      locks.#wasReady = true;
      locks.#onReady();
    });
    return locks;
  }

  async acquire(key: string, ttlMs: number): Promise<Lease | undefined> {
    const token = crypto.randomUUID();
    const name = `${PREFIX}lock:${key}`;
    const taken = await this.#try(() => this.redis.set(name, token, "PX", ttlMs, "NX"));
    if (taken !== "OK") return undefined;
    return {
      key,
      renew: async (ms) =>
        await this.#try(() => this.redis.eval(RENEW, 1, name, token, String(ms))) === 1,
      [Symbol.asyncDispose]: async () => {
        // Not released: it lapses by itself.
        await this.redis.eval(RELEASE, 1, name, token).catch(() => {});
      },
    };
  }

  async put(key: string, value: string, ttlMs: number): Promise<void> {
    await this.#try(() => this.redis.set(`${PREFIX}once:${key}`, value, "PX", ttlMs));
  }

  async take(key: string): Promise<string | undefined> {
    return await this.#try(() => this.redis.getdel(`${PREFIX}once:${key}`)) ?? undefined;
  }

  async hit(key: string, windowMs: number): Promise<{ count: number; resetMs: number }> {
    const name = `${PREFIX}hit:${key}`;
    const [count, resetMs] = await this.#try(() =>
      this.redis.eval(HIT, 1, name, String(windowMs))
    ) as [number, number];
    return { count, resetMs };
  }

  async check(): Promise<string> {
    const info = await this.#try(() => this.redis.info("server"));
    return `Redis ${/redis_version:(\S+)/.exec(info)?.[1] ?? "?"}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }

  async #try<T>(command: () => Promise<T>): Promise<T> {
    try {
      if (this.redis.status !== "ready") {
        // One wait for all callers.
        await (this.#connecting ??= this.#ready().finally(() => this.#connecting = undefined));
      }
      return await command();
    } catch (error) {
      throw new Unavailable(`Redis does not answer: ${messageOf(error)}`, { cause: error });
    }
  }

  async #ready(): Promise<void> {
    const waitMs = this.#wasReady ? RECONNECT_WAIT_MS : COMMAND_TIMEOUT_MS;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#onReady = () => {};
        reject(new Error(`no connection in ${waitMs} ms`));
      }, waitMs);
      this.#onReady = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
