import { Registry } from "prom-client";
import type { Config, RoleName } from "@/core/config.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus, Rpc } from "@/core/ports/bus.ts";
import { type Clock, systemClock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Locks } from "@/core/ports/locks.ts";
import { Unavailable } from "@/core/errors.ts";
import { DbKeyStore } from "./adapters/key_store.ts";
import { FileKms } from "./adapters/kms_file.ts";
import { OpenbaoKms } from "./adapters/kms_openbao.ts";
import { MemoryBus } from "./adapters/bus_memory.ts";
import { MemoryRpc } from "./adapters/rpc_memory.ts";
import { MemoryLocks } from "./adapters/locks_memory.ts";
import { readMasterKey } from "./adapters/master_key.ts";
import { openNats } from "./adapters/nats.ts";
import { openDatabase, runMigrations } from "./adapters/open_database.ts";
import { RedisLocks } from "./adapters/locks_redis.ts";

/** What every role stands on. Adapters are chosen by configuration alone. */
export interface Platform {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly db: Db;
  readonly bus: Bus;
  readonly rpc: Rpc;
  readonly locks: Locks;
  readonly kms: Kms;
  /** Prometheus registry: roles register their own metrics on it. */
  readonly registry: Registry;
}

export interface OpenPlatform extends Platform, AsyncDisposable {
  /** Rejects when something the platform owns dies by itself (the embedded database). */
  readonly failed: Promise<never>;
}

/**
 * Opens what the configured roles need, and nothing else: a web-only process holds no database handle
 * and no secret. Disposing closes in reverse order; the database last.
 */
export async function openPlatform(config: Config, log: Logger): Promise<OpenPlatform> {
  await using opening = new AsyncDisposableStack();
  const registry = new Registry();
  const base = { config, log, clock: systemClock, registry };
  const has = (role: RoleName) => config.roles.includes(role);
  if (!has("api") && !has("poller")) {
    const stack = opening.move();
    return {
      ...base,
      db: absent("db"),
      bus: absent("bus"),
      rpc: absent("rpc"),
      locks: absent("locks"),
      kms: absent("kms"),
      failed: new Promise<never>(() => {}),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  }

  const database = opening.use(await openDatabase(config, log));
  const { db } = database;
  const locks = opening.use(
    config.redisUrl ? RedisLocks.open(config.redisUrl, log) : new MemoryLocks(),
  );
  const { bus, rpc } = config.bus.natsUrl
    ? opening.use(await openNats(config.bus.natsUrl, config.bus, log))
    : { bus: opening.use(new MemoryBus(config.bus)), rpc: new MemoryRpc() };
  const kms = config.kms.mode === "openbao" ? new OpenbaoKms(config.kms) : await FileKms.open(
    await readMasterKey(config.kms.masterKeyFile),
    new DbKeyStore(db, !has("api")),
  );
  const stack = opening.move();
  return {
    ...base,
    db,
    bus,
    rpc,
    locks,
    kms,
    failed: database.failed,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Brings a database server's schema up to date, as its owner. Answers what was applied. */
export async function migrateDatabase(config: Config, log: Logger): Promise<string[]> {
  const url = config.database.mode === "server" ? config.database.adminUrl : null;
  if (!url) {
    throw new Error(
      "Cannot migrate without TOD_DATABASE_ADMIN_URL (the embedded database migrates at start)",
    );
  }
  return await runMigrations({ url }, log);
}

/** A port that no role of this process has: using it is a mistake in the wiring, said by name. */
function absent<Port extends object>(name: string): Port {
  return new Proxy({} as Port, {
    get(_, property) {
      if (property === "then") return undefined; // not a promise
      throw new Unavailable(`This process has no ${name}: its roles do not need it`);
    },
  });
}
