import { Counter, Gauge } from "prom-client";
import { ENDED_PUSHES, type PushState } from "@/core/contract/pushes.ts";
import type { BackupDeps } from "@/core/configs/back_up.ts";
import { endOperation } from "@/core/configs/operations.ts";
import { Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import type { PushDeps } from "@/core/push/deps.ts";
import { drivePush } from "@/core/push/drive_push.ts";
import type { RouterLink } from "@/core/router_link/link.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import type { TenantId } from "@/core/scope.ts";
import { broadcastPush } from "./broadcast_push.ts";
import { exportText } from "./export_text.ts";
import { forgetEvidence } from "./forget_evidence.ts";
import { LeavingStore } from "./leaving_store.ts";
import { PgPushStore } from "./pg_push_store.ts";
import { probeRouter } from "./probe_router.ts";

export interface PushPlatform extends
  Pick<
    Platform,
    "config" | "log" | "clock" | "db" | "kms" | "bus" | "rpc" | "registry"
  > {
  /** The way to routers; through the pollers unless told. */
  readonly link?: RouterLink;
}

/** Of one process; most of the time they wait for a person. */
const AT_ONCE = 200;
const LOOK_EVERY_MS = 1_000;
const RETRY_MS = 30_000;
const FORGET_EVERY_MS = 6 * 3_600_000;
const MAX_PAUSE_MS = 60_000;
/** How long the end waits for those between two steps. */
const END_MS = 10_000;

interface Due {
  tenantId: TenantId;
  id: string;
}

/**
 * Drives pushes of all tenants, until `signal` aborts. Any number of instances: the epoch of a push
 * decides who drives it. What a process leaves behind, killed or not, another takes when its lease is
 * over, and goes on from what the router holds.
 */
export async function runPushJobs(platform: PushPlatform, signal: AbortSignal): Promise<void> {
  const { clock, log } = platform;
  const driver = new Driver(platform, signal);
  let pauseMs = LOOK_EVERY_MS;
  let forgotMs = -Infinity;
  while (!signal.aborted) {
    try {
      await driver.look();
      if (clock.now() - forgotMs >= FORGET_EVERY_MS) {
        forgotMs = clock.now();
        await forgetEvidence(platform, signal);
      }
      pauseMs = LOOK_EVERY_MS;
    } catch (error) {
      const say = error instanceof Unavailable ? log.warn : log.error;
      say.call(log, "pushes were not looked for: the next round will", { error, pauseMs });
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS);
    }
    await clock.sleep(pauseMs, signal);
  }
  await driver.end();
}

class Driver {
  readonly #platform: PushPlatform;
  readonly #signal: AbortSignal;
  readonly #running = new Map<string, Promise<void>>();
  /** Past this nothing is stored any more. */
  readonly #over = new AbortController();
  readonly #outcomes: Counter<"outcome">;

  constructor(platform: PushPlatform, signal: AbortSignal) {
    this.#platform = platform;
    this.#signal = signal;
    const registers = [platform.registry];
    this.#outcomes = new Counter({
      name: "tod_pushes_total",
      help: "Changes pushed to routers by how they came out.",
      labelNames: ["outcome"] as const,
      registers,
    });
    const size = () => this.#running.size;
    new Gauge({
      name: "tod_pushes_running",
      help: "Pushes that this process drives now, those that wait for a person included.",
      registers,
      collect() {
        this.set(size());
      },
    });
  }

  async look(): Promise<void> {
    const free = AT_ONCE - this.#running.size;
    if (free <= 0) return;
    const due = await this.#platform.db.system((sql) =>
      sql<Due[]>`
        select tenant_id as "tenantId", id from system_due_pushes(${
        free + this.#running.size
      }::int)`
    );
    for (const one of due.filter(({ id }) => !this.#running.has(id)).slice(0, free)) {
      this.#running.set(one.id, this.#drive(one).finally(() => this.#running.delete(one.id)));
    }
  }

  /** Those that wait are left at once, those between two steps get some time. */
  async end(): Promise<void> {
    const patience = new AbortController();
    const { clock } = this.#platform;
    const all = Promise.all(this.#running.values());
    await Promise.race([all, clock.sleep(END_MS, patience.signal)]);
    patience.abort();
    this.#over.abort();
    await Promise.race([all, clock.sleep(END_MS / 2)]);
  }

  async #drive({ tenantId, id }: Due): Promise<void> {
    const { log } = this.#platform;
    const store = new LeavingStore(new PgPushStore(this.#platform, tenantId), {
      leaving: this.#signal,
      over: this.#over.signal,
    });
    try {
      const { state, again } = await drivePush(id, this.#deps(store));
      if (again !== null) await this.#later({ tenantId, id }, again);
      else if (state !== null && ENDED_PUSHES.includes(state)) {
        await this.#ended(tenantId, id, state);
      }
    } catch (error) {
      log.error("a push broke off: it is taken again", { pushId: id, error });
      await this.#later({ tenantId, id }, RETRY_MS).catch(() => {});
    } finally {
      await store.leave().catch((error) =>
        log.warn("a push was not given back: its lease does it", { pushId: id, error })
      );
    }
  }

  /** What the router holds now is kept as a version, and known to be this push's doing. */
  async #ended(tenantId: TenantId, id: string, state: PushState): Promise<void> {
    this.#outcomes.inc({ outcome: state });
    const { db } = this.#platform;
    const [push] = await db.tenant(
      tenantId,
      (sql) =>
        sql<{ deviceId: string }[]>`
          select device_id as "deviceId" from pushes where id = ${id}`,
    );
    if (!push) return;
    const key = { tenantId, deviceId: push.deviceId, kind: "push", id };
    const outcome = state === "confirmed" ? "kept" : state === "reverted" ? "reverted" : "failed";
    await endOperation(this.#backups(), key, outcome).catch((error) =>
      this.#platform.log.warn("no backup after a push: the next one tells", { pushId: id, error })
    );
  }

  #backups(): BackupDeps {
    const { config, db, rpc, kms, clock } = this.#platform;
    return { db, rpc, kms, clock, backupHour: config.backups.hour };
  }

  async #later({ tenantId, id }: Due, ms: number): Promise<void> {
    await this.#platform.db.tenant(
      tenantId,
      (sql) =>
        sql`update pushes set due_at = now() + make_interval(secs => ${ms / 1_000})
          where id = ${id} and ended_at is null`,
    );
  }

  #deps(store: PushDeps["store"]): PushDeps {
    const { log, clock, db, rpc, bus, link } = this.#platform;
    const backups = this.#backups();
    return {
      ...{ store, log, clock, link: link ?? remoteLink({ db, rpc }) },
      exportText: (record) => exportText(backups, record),
      probe: (record, probe, connection) => probeRouter({ db, rpc }, record, probe, connection),
      onChanged: ({ tenantId, id, deviceId, state }) => {
        if (state === ("unknown" satisfies PushState)) this.#outcomes.inc({ outcome: "unknown" });
        broadcastPush({ bus }, tenantId, { id, deviceId, state });
      },
    };
  }
}
