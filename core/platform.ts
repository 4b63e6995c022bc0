import type { Registry } from "prom-client";
import type { Config } from "@/core/config.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus, Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { Locks } from "@/core/ports/locks.ts";

/** What every role stands on. Adapters are chosen by configuration alone. */
export interface Platform extends AsyncDisposable {
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
