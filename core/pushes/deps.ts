import type { Logger } from "@/core/log.ts";
import type { Bus, Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { Kms } from "@/core/ports/kms.ts";
import type { RouterLink } from "@/core/router_link/link.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";

/** What pushes stand on. */
export interface PushesDeps {
  db: Db;
  kms: Kms;
  bus: Bus;
  rpc: Rpc;
  clock: Clock;
  log: Logger;
  /** The way to routers; through the pollers unless told. */
  link?: RouterLink;
}

export function linkOf({ link, db, rpc }: PushesDeps): RouterLink {
  return link ?? remoteLink({ db, rpc });
}
