import { Registry } from "prom-client";
import { MemoryBus } from "@/core/adapters/bus_memory.ts";
import { FileKms } from "@/core/adapters/kms_file.ts";
import { DbKeyStore } from "@/core/adapters/key_store.ts";
import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { MemoryRpc } from "@/core/adapters/rpc_memory.ts";
import { type Config, readConfig } from "@/core/config.ts";
import type { Platform } from "@/core/platform.ts";
import { systemClock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import { silentLog } from "./log.ts";

export interface TestPlatform extends Platform, AsyncDisposable {
  readonly bus: MemoryBus;
  readonly rpc: MemoryRpc;
}

/** A platform on in-process adapters over a test's own database. */
export async function openTestPlatform(
  db: Db,
  args: string[] = [],
  changes: Partial<Platform> = {},
): Promise<TestPlatform> {
  const config: Config = readConfig({ args, env: { HOME: "/nonexistent" }, isRoot: false });
  const bus = new MemoryBus({ maxBytes: 64 * 2 ** 20, maxAgeSeconds: 3_600 });
  const locks = new MemoryLocks();
  const kms = await FileKms.open(
    crypto.getRandomValues(new Uint8Array(32)),
    new DbKeyStore(db, false),
  );
  return {
    config,
    log: silentLog,
    clock: systemClock,
    db,
    bus,
    rpc: new MemoryRpc(),
    locks,
    kms,
    registry: new Registry(),
    ...changes,
    async [Symbol.asyncDispose]() {
      await bus[Symbol.asyncDispose]();
      await locks[Symbol.asyncDispose]();
    },
  } as unknown as TestPlatform;
}
