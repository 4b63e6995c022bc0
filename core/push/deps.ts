import type { PushProbe, PushTier } from "@/core/contract/pushes.ts";
import type { Logger } from "@/core/log.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { RouterConnection, RouterLink } from "@/core/router_link/link.ts";
import type { PushRecord } from "./record.ts";
import type { PushStore } from "./store.ts";

export interface PushDeps {
  readonly store: PushStore;
  readonly link: RouterLink;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * The running configuration as text with its secrets. `undefined`: it cannot be had, and what the
   * change touches is read over the API instead. Never throws.
   */
  exportText(record: PushRecord): Promise<string | undefined>;
  /** Whether something else still works; `connection` is new and logged in. Never throws. */
  probe(
    record: PushRecord,
    probe: PushProbe,
    connection: RouterConnection,
  ): Promise<{ ok: boolean; detail: string }>;
  /** After each save: the live page, audit, lists. Never throws. */
  onChanged(record: PushRecord): void;
  /** Ways that may be used, all by default. */
  readonly tiers?: readonly PushTier[];
}
