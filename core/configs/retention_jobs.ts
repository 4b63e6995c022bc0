import { Counter } from "prom-client";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { thinVersions } from "./retention.ts";

export type RetentionPlatform = Pick<
  Platform,
  "config" | "log" | "clock" | "db" | "kms" | "locks" | "registry"
>;

const RUN_EVERY_MS = 6 * 3_600_000;
const LOCK_MS = 15 * 60_000;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 60_000;

/**
 * Takes away versions of configurations that no rule keeps, until `signal` aborts. Of several instances
 * the one with the lock works; two at once would do no harm.
 */
export async function runConfigRetention(
  platform: RetentionPlatform,
  signal: AbortSignal,
): Promise<void> {
  const { clock, config, db, locks, log, registry } = platform;
  const removed = new Counter({
    name: "tod_config_versions_removed_total",
    help: "Versions of configurations that were taken away as no rule kept them.",
    registers: [registry],
  });
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      await using lease = await locks.acquire("config-retention", LOCK_MS);
      for (const tenantId of lease ? await listTenantIds(db) : []) {
        if (signal.aborted || !await lease!.renew(LOCK_MS)) break;
        const thinned = await thinVersions(platform, tenantId, config.backups.retention, signal);
        removed.inc(thinned.versions);
        if (thinned.versions > 0) log.info("old configurations were taken away", { ...thinned });
      }
      pauseMs = FIRST_PAUSE_MS;
      await clock.sleep(RUN_EVERY_MS, signal);
    } catch (error) {
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "old configurations were not taken away: it is tried again soon", {
        ...{ error, pauseMs },
      });
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  }
}
