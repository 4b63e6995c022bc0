import { Counter } from "prom-client";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import { remoteFiles } from "@/core/router_files/remote_files.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import { listTenantIds } from "@/core/tenants/tenants.ts";
import { noteBinary, planBinaries, takeDueBinaries } from "./binary_jobs.ts";
import { driveRestore } from "./drive_restore.ts";
import { type RestoreRow, StaleRestore, takeDueRestores } from "./restore_row.ts";
import { type BinaryDeps, type BinaryOrderFor, takeBinary } from "./take_binary.ts";
import { thinBinaries } from "./thin_binaries.ts";

export type BinaryPlatform = Pick<
  Platform,
  "config" | "log" | "clock" | "db" | "kms" | "bus" | "rpc" | "registry"
>;

/** Each holds a whole file in memory for a moment. */
const AT_ONCE = 4;
const RESTORES_AT_ONCE = 8;
const LOOK_EVERY_MS = 2_000;
const PLAN_EVERY_MS = 60_000;
const THIN_EVERY_MS = 3_600_000;
const MAX_PAUSE_MS = 60_000;
/** How long the end waits for those under way. */
const END_MS = 10_000;

export function binaryDeps(
  { db, kms, clock, bus, rpc, log }: Pick<Platform, "db" | "kms" | "clock" | "bus" | "rpc" | "log">,
  backupHour: number,
): BinaryDeps {
  return {
    ...{ db, kms, clock, bus, rpc, log, backupHour },
    link: remoteLink({ db, rpc }),
    files: remoteFiles({ db, rpc }),
  };
}

/**
 * Takes full backups that are due and drives restores on, until `signal` aborts. Any number of instances:
 * what one has taken no other takes before its lease is over, and a late worker's writes fail.
 */
export async function runBinaryJobs(platform: BinaryPlatform, signal: AbortSignal): Promise<void> {
  const { config, clock, log, db, registry } = platform;
  const outcomes = new Counter({
    name: "tod_binary_backups_total",
    help: "Full backups of routers by how they went.",
    labelNames: ["outcome"] as const,
    registers: [registry],
  });
  const deps = binaryDeps(platform, config.backups.hour);
  const running = { backups: new Set<Promise<void>>(), restores: new Set<Promise<void>>() };
  const begin = (group: Set<Promise<void>>, work: Promise<void>) => {
    const ended: Promise<void> = work.finally(() => group.delete(ended));
    group.add(ended);
  };
  const one = async (order: BinaryOrderFor) => {
    const outcome = await takeBinary(deps, order).catch((error) => {
      log.warn("a full backup broke off: it is taken again later", {
        ...{ deviceId: order.deviceId, error },
      });
      return undefined;
    });
    outcomes.inc({ outcome: outcome?.outcome ?? "error" });
    await noteBinary(deps, order, outcome).catch((error) =>
      log.warn("a job was not noted", { error })
    );
  };
  const drive = async (row: RestoreRow) => {
    try {
      await driveRestore(deps, row);
    } catch (error) {
      if (error instanceof StaleRestore) return;
      log.warn("a restore broke off: it is looked at again when its lease is over", {
        ...{ restore: row.id, error },
      });
    }
  };
  let [plannedMs, thinnedMs, pauseMs] = [-Infinity, -Infinity, 1_000];
  while (!signal.aborted) {
    try {
      if (clock.now() - plannedMs >= PLAN_EVERY_MS) {
        for (const tenantId of await listTenantIds(db)) await planBinaries(deps, tenantId);
        plannedMs = clock.now();
      }
      if (clock.now() - thinnedMs >= THIN_EVERY_MS) {
        for (const tenantId of await listTenantIds(db)) {
          await thinBinaries(db, tenantId, config.backups.retention, signal);
        }
        thinnedMs = clock.now();
      }
      const free = AT_ONCE - running.backups.size;
      for (const order of free > 0 ? await takeDueBinaries(deps, free) : []) {
        begin(running.backups, one(order));
      }
      const room = RESTORES_AT_ONCE - running.restores.size;
      for (const row of room > 0 ? await takeDueRestores(db, room) : []) {
        begin(running.restores, drive(row));
      }
      pauseMs = 1_000;
      await clock.sleep(LOOK_EVERY_MS, signal);
    } catch (error) {
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "the job of full backups failed: it runs again soon", { error, pauseMs });
      await clock.sleep(pauseMs, signal);
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
  }
  const patience = new AbortController();
  const all = Promise.all([...running.backups, ...running.restores]);
  await Promise.race([all, clock.sleep(END_MS, patience.signal)]);
  patience.abort();
}
