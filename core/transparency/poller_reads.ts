import type { Logger } from "@/core/log.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { Db } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";

export interface PollerRead {
  tenantId: TenantId;
  deviceId: string;
  purpose: "poll" | "command";
}

interface Counted extends PollerRead {
  count: number;
  firstMs: number;
  lastMs: number;
}

const FLUSH_EVERY_MS = 10_000;
const HOUR_MS = 3_600_000;
/** Rows of one statement, and counts kept while the database is away (about 20 MB). */
const STEP = 1_000;
const MAX_KEPT = 100_000;

/**
 * Reads of device credentials by one poller. Counted in memory, written every 10 seconds: a poll never
 * waits for it. A crash loses the counts of the last 10 seconds; a database that is away loses none
 * until 100,000 counts wait.
 */
export class PollerReads {
  #counts = new Map<string, Counted>();
  #lost = 0;

  constructor(
    readonly deps: { db: Db; clock: Clock; log: Logger },
    /** What stands in the log: `poller:<name>`. A host's name, not a process's: rows are per actor. */
    readonly name: string,
  ) {}

  get waiting(): number {
    return this.#counts.size;
  }

  note({ tenantId, deviceId, purpose }: PollerRead): void {
    const nowMs = this.deps.clock.now();
    const key = [tenantId, deviceId, purpose, Math.floor(nowMs / HOUR_MS)].join(" ");
    const counted = this.#counts.get(key);
    if (counted) {
      counted.count += 1;
      counted.lastMs = nowMs;
      return;
    }
    if (this.#counts.size >= MAX_KEPT) {
      this.#lost += 1;
      return;
    }
    const times = { firstMs: nowMs, lastMs: nowMs };
    this.#counts.set(key, { tenantId, deviceId, purpose, count: 1, ...times });
  }

  /** Writes every 10 seconds until `signal` aborts. What came since, {@linkcode flush} writes. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.deps.clock.sleep(FLUSH_EVERY_MS, signal);
      await this.flush();
    }
  }

  /** Writes what was counted. Trouble is logged, and the counts are kept for the next time. */
  async flush(): Promise<void> {
    const counts = [...this.#counts.values()];
    this.#counts.clear();
    while (counts.length > 0) {
      try {
        await this.#write(counts.slice(0, STEP));
        counts.splice(0, STEP);
      } catch (error) {
        for (const count of counts) this.#keep(count);
        const fields = { error, waiting: this.#counts.size };
        this.deps.log.warn("reads of credentials are not written yet: they wait", fields);
        return;
      }
    }
    if (this.#lost > 0) {
      this.deps.log.error("reads of credentials were not counted: the database was away for long", {
        reads: this.#lost,
      });
      this.#lost = 0;
    }
  }

  /** Back to the others, some of which may have come meanwhile. */
  #keep(counted: Counted): void {
    const { tenantId, deviceId, purpose, lastMs } = counted;
    const key = [tenantId, deviceId, purpose, Math.floor(lastMs / HOUR_MS)].join(" ");
    const newer = this.#counts.get(key);
    if (newer) {
      newer.count += counted.count;
      newer.firstMs = counted.firstMs;
    } else this.#counts.set(key, counted);
  }

  async #write(counts: readonly Counted[]): Promise<void> {
    const column = <Value>(value: (counted: Counted) => Value) => counts.map(value);
    const time = (ms: number) => new Date(ms).toISOString();
    await this.deps.db.poller((sql) =>
      sql`
        select poller_note_secret_reads(
          ${column(({ tenantId }) => tenantId)}::text[]::uuid[],
          ${column(({ deviceId }) => deviceId)}::text[]::uuid[],
          ${column(() => `poller:${this.name}`)}::text[],
          ${column(({ purpose }) => purpose)}::text[],
          ${column(({ count }) => String(count))}::text[]::bigint[],
          ${column(({ firstMs }) => time(firstMs))}::text[]::timestamptz[],
          ${column(({ lastMs }) => time(lastMs))}::text[]::timestamptz[])`
    );
  }
}
