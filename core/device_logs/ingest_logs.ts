import { Counter } from "prom-client";
import { LogReport } from "@/core/contract/device_logs.ts";
import type { LiveBatch } from "@/core/contract/device.ts";
import { messageOf, Unavailable } from "@/core/errors.ts";
import { batches } from "@/core/metrics/batches.ts";
import { isContentError } from "@/core/metrics/content_error.ts";
import type { Platform } from "@/core/platform.ts";
import type { Delivery } from "@/core/ports/bus.ts";
import type { TenantId } from "@/core/scope.ts";
import { parseDeviceLogSubject, subjects } from "@/core/subjects.ts";
import { ensureLogPartitions } from "./log_partitions.ts";
import { writeLogs } from "./write_logs.ts";

export type LogIngestPlatform = Pick<
  Platform,
  "config" | "log" | "clock" | "db" | "bus" | "registry"
>;

/** Reports are 64 KiB at most, and mostly a few lines. */
const MAX_BATCH = 200;
const MAX_WAIT_MS = 250;
const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;
const FUTURE_MS = 10 * 60_000;
const DAY_MS = 86_400_000;
/** Lines of one live message: who follows a flood sees its beginning. */
const MAX_LIVE = 100;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface Waiting {
  tenantId: TenantId;
  report: LogReport;
  delivery: Delivery;
}

/**
 * Takes log lines from the bus and commits them, a transaction a tenant and batch, until `signal` aborts.
 * One batch at a time, however much waits: readings must not wait for logs.
 */
export async function runLogIngest(
  platform: LogIngestPlatform,
  signal: AbortSignal,
): Promise<void> {
  const { bus, clock } = platform;
  const ingest = new LogIngest(platform, signal);
  const deliveries = bus.consume(subjects.everyDeviceLog, {
    group: "device-logs",
    maxInFlight: MAX_BATCH * 2,
    signal,
  });
  const options = { maxCount: MAX_BATCH, maxWaitMs: MAX_WAIT_MS, clock };
  for await (const batch of batches(deliveries, options)) await ingest.write(batch);
}

class LogIngest {
  readonly #lines: Counter;
  readonly #dropped: Counter<"reason">;
  #failures = 0;

  constructor(readonly platform: LogIngestPlatform, readonly signal: AbortSignal) {
    const registers = [platform.registry];
    this.#lines = new Counter({
      name: "tod_log_lines_stored_total",
      help: "Log lines committed.",
      registers,
    });
    this.#dropped = new Counter({
      name: "tod_log_reports_dropped_total",
      help: "Messages of log lines that can never be stored, by reason.",
      labelNames: ["reason"] as const,
      registers,
    });
  }

  /** Never rejects: what could not be stored now is given back to the bus. */
  async write(batch: readonly Delivery[]): Promise<void> {
    const waiting = batch.flatMap((delivery) => this.#parse(delivery) ?? []);
    let failed = false;
    for (const [tenantId, reports] of Map.groupBy(waiting, ({ tenantId }) => tenantId)) {
      failed = !await this.#writeOrSplit(tenantId, reports) || failed;
    }
    if (!failed) this.#failures = 0;
    else {
      const delayMs = this.#pauseMs();
      this.#failures += 1;
      await this.platform.clock.sleep(delayMs, this.signal);
    }
  }

  #parse(delivery: Delivery): Waiting | undefined {
    const route = parseDeviceLogSubject(delivery.subject);
    if (!route || !UUID.test(route.tenantId) || !UUID.test(route.deviceId)) {
      return this.#drop(delivery, "bad_subject");
    }
    let report: LogReport;
    try {
      report = LogReport.parse(JSON.parse(new TextDecoder().decode(delivery.data)));
    } catch {
      return this.#drop(delivery, "bad_message");
    }
    if (report.deviceId !== route.deviceId) return this.#drop(delivery, "wrong_device");
    const { clock, config } = this.platform;
    const [oldest, newest] = [
      clock.now() - config.retention.logDays * DAY_MS,
      clock.now() + FUTURE_MS,
    ];
    const inTime = report.lines.filter(({ at }) =>
      Date.parse(at) >= oldest && Date.parse(at) <= newest
    );
    if (inTime.length < report.lines.length) this.#dropped.inc({ reason: "out_of_time" });
    const isOut = !(Date.parse(report.at) >= oldest && Date.parse(report.at) <= newest);
    const kept = { ...report, lines: inTime, dropped: isOut ? 0 : report.dropped };
    return { tenantId: route.tenantId, report: kept, delivery };
  }

  /** Halves a batch that the database refuses for its content until the bad message stands alone. */
  async #writeOrSplit(tenantId: TenantId, waiting: readonly Waiting[]): Promise<boolean> {
    try {
      await this.#store(tenantId, waiting);
      return true;
    } catch (error) {
      if (!isContentError(error)) {
        this.#giveBack(waiting, error);
        return false;
      }
      if (waiting.length === 1) {
        this.#drop(waiting[0]!.delivery, "refused_by_database", messageOf(error));
        return true;
      }
      const middle = waiting.length >> 1;
      const first = await this.#writeOrSplit(tenantId, waiting.slice(0, middle));
      return await this.#writeOrSplit(tenantId, waiting.slice(middle)) && first;
    }
  }

  async #store(tenantId: TenantId, waiting: readonly Waiting[]): Promise<void> {
    const { db, bus } = this.platform;
    const reports = waiting.map(({ report }) => report);
    const written = await writeLogs(db, tenantId, reports).catch(async (error) => {
      if (!/^no partition of relation/.test(messageOf(error))) throw error;
      const times = reports.flatMap(({ at, lines, dropped }) => [
        ...lines.map((line) => line.at),
        ...(dropped > 0 ? [at] : []),
      ]).map((at) => Date.parse(at));
      await ensureLogPartitions(db, Math.min(...times), Math.max(...times));
      return await writeLogs(db, tenantId, reports);
    });
    const unknown = new Set(written.unknown);
    for (const { report, delivery } of waiting) {
      if (unknown.has(report)) this.#drop(delivery, "unknown_device");
      else delivery.ack();
    }
    for (const [deviceId, lines] of written.lines) {
      this.#lines.inc(lines.length);
      bus.broadcast(
        subjects.liveLog(tenantId, deviceId),
        encode({ lines: lines.slice(0, MAX_LIVE) }),
      );
    }
    if (written.events.length > 0) {
      const batch: LiveBatch = { devices: [], events: written.events };
      bus.broadcast(subjects.live(tenantId), encode(batch));
    }
  }

  #giveBack(waiting: readonly Waiting[], error: unknown): void {
    const delayMs = this.#pauseMs();
    for (const { delivery } of waiting) delivery.retry(delayMs);
    const { log } = this.platform;
    const fields = { messages: waiting.length, delayMs, error };
    if (error instanceof Unavailable) log.warn("log lines wait: the database is away", fields);
    else log.error("log lines wait: the database refused them", fields);
  }

  #pauseMs(): number {
    return Math.min(MIN_PAUSE_MS * 2 ** Math.min(this.#failures, 10), MAX_PAUSE_MS);
  }

  #drop(delivery: Delivery, reason: string, detail?: string): undefined {
    delivery.drop(reason);
    this.#dropped.inc({ reason });
    const subject = delivery.subject.slice(0, 200);
    this.platform.log.warn("dropped a report of log lines", { reason, detail, subject });
  }
}

const encoder = new TextEncoder();
function encode(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}
