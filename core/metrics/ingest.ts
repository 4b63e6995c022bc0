import { ClientHistory } from "@/core/clients/client_history.ts";
import type { LiveBatch } from "@/core/contract/device.ts";
import { announceChange } from "@/core/devices/changes.ts";
import { messageOf, Unavailable } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import type { Delivery } from "@/core/ports/bus.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { batches } from "./batches.ts";
import { isContentError } from "./content_error.ts";
import { IngestMeters } from "./ingest_meters.ts";
import { type DropReason, type ParsedReport, parseReport } from "./parse_report.ts";
import { DAY_MS, dayOf, ensureMetricPartitions } from "./partitions.ts";
import { PreviousReadings } from "./previous_readings.ts";
import { StateWrites } from "./state_writes.ts";
import { writeReports, type Written } from "./write_reports.ts";

export type IngestPlatform = Pick<
  Platform,
  "config" | "log" | "clock" | "db" | "bus" | "registry"
>;

/** Small enough that building a writer's share does not hold the event loop for long. */
const MAX_BATCH = 300;
/** Transactions side by side: while one waits for the database, another is built. */
const WRITERS = 2;
/** Of a report that comes alone: what people see live is this much later. */
const MAX_WAIT_MS = 120;
const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

interface Waiting extends ParsedReport {
  delivery: Delivery;
}

/**
 * Takes poll reports from the bus and commits them, one transaction per tenant and batch, until
 * `signal` aborts. A message is answered after its commit: what is delivered again changes nothing,
 * and while the database is away everything stays on the bus.
 */
export async function runIngest(platform: IngestPlatform, signal: AbortSignal): Promise<void> {
  const ingest = new Ingest(platform, signal);
  const deliveries = platform.bus.consume(subjects.everyReport, {
    group: "ingest",
    maxInFlight: MAX_BATCH * 8,
    signal,
  });
  // What waits here is bounded by the unanswered deliveries that the bus allows.
  const writers = Array.from({ length: WRITERS }, () => Promise.resolve());
  const options = { maxCount: MAX_BATCH, maxWaitMs: MAX_WAIT_MS, clock: platform.clock };
  for await (const batch of batches(deliveries, options)) {
    for (const [index, share] of Map.groupBy(batch, writerOf)) {
      writers[index] = writers[index]!.then(() => ingest.write(ingest.parse(share)));
    }
  }
  await Promise.all(writers);
}

/** A device always has the same writer, so its reports stay in order. */
function writerOf({ subject }: Delivery): number {
  return subject.charCodeAt(subject.length - 1) % WRITERS;
}

class Ingest {
  readonly #platform: IngestPlatform;
  readonly #signal: AbortSignal;
  readonly #meters: IngestMeters;
  readonly #previous = new PreviousReadings();
  readonly #writes = new StateWrites();
  readonly #clients: ClientHistory;
  /** UTC days whose partitions are known to exist. */
  readonly #days = new Set<string>();
  #failures = 0;

  constructor(platform: IngestPlatform, signal: AbortSignal) {
    this.#platform = platform;
    this.#signal = signal;
    this.#meters = new IngestMeters(platform.registry, platform.bus);
    this.#clients = new ClientHistory(platform);
  }

  parse(batch: readonly Delivery[]): Waiting[] {
    const { clock, config } = this.#platform;
    const began = clock.monotonic();
    const nowMs = clock.now();
    const limits = { nowMs, oldestMs: nowMs - config.retention.rawDays * DAY_MS };
    const waiting: Waiting[] = [];
    for (const delivery of batch) {
      const parsed = parseReport(delivery, limits);
      if ("drop" in parsed) this.#drop(delivery, parsed.drop, parsed.detail);
      else waiting.push({ ...parsed, delivery });
    }
    this.#meters.batch.observe(batch.length);
    this.#meters.stage.inc({ stage: "parse" }, (clock.monotonic() - began) / 1_000);
    return waiting;
  }

  /** Never rejects: what could not be stored now is given back to the bus. */
  async write(waiting: readonly Waiting[]): Promise<void> {
    const { clock } = this.#platform;
    const byTenant = Map.groupBy(waiting, ({ tenantId }) => tenantId);
    let failed = false;
    for (const [tenantId, reports] of byTenant) {
      const began = clock.monotonic();
      failed = !await this.#writeOrSplit(tenantId, reports) || failed;
      this.#meters.stage.inc({ stage: "database" }, (clock.monotonic() - began) / 1_000);
    }
    if (!failed) this.#failures = 0;
    else await this.#pause();
  }

  /** Halves a batch that the database refuses for its content until the bad message stands alone. */
  async #writeOrSplit(tenantId: TenantId, reports: Waiting[]): Promise<boolean> {
    try {
      await this.#ensureDays(reports);
      const { db, clock } = this.#platform;
      const deps = { db, previous: this.#previous, writes: this.#writes, nowMs: clock.now() };
      const written = await writeReports(deps, tenantId, reports);
      this.#finish(tenantId, reports, written);
      const began = clock.monotonic();
      await this.#clients.record(tenantId, written.heard);
      this.#meters.stage.inc({ stage: "clients" }, (clock.monotonic() - began) / 1_000);
      return true;
    } catch (error) {
      if (!isContentError(error)) {
        this.#giveBack(reports, error);
        return false;
      }
      if (reports.length === 1) {
        this.#drop(reports[0]!.delivery, "refused_by_database", messageOf(error));
        return true;
      }
      const middle = reports.length >> 1;
      const first = await this.#writeOrSplit(tenantId, reports.slice(0, middle));
      return await this.#writeOrSplit(tenantId, reports.slice(middle)) && first;
    }
  }

  #finish(tenantId: TenantId, reports: Waiting[], written: Written): void {
    const { bus, clock } = this.#platform;
    const unknown = new Set<ParsedReport>(written.unknown);
    const nowMs = clock.now();
    for (const waiting of reports) {
      if (unknown.has(waiting)) {
        this.#drop(waiting.delivery, "unknown_device", waiting.report.deviceId);
      } else {
        waiting.delivery.ack();
        this.#meters.lag.observe(Math.max(nowMs - waiting.atMs, 0) / 1_000);
      }
    }
    this.#meters.rows.inc(written.rows);
    this.#meters.samples.inc(written.samples);
    this.#meters.duplicates.inc(written.duplicates);

    const began = clock.monotonic();
    if (written.cells.length > 0 || written.events.length > 0) {
      const batch: LiveBatch = { devices: written.cells, events: written.events };
      bus.broadcast(subjects.live(tenantId), encode(batch));
    }
    for (const live of written.live) {
      bus.broadcast(subjects.liveDevice(tenantId, live.cells.id), encode(live));
    }
    for (const { deviceId, region } of written.pinned) {
      announceChange(bus, region, { tenantId, deviceId, change: "upsert" });
    }
    this.#meters.stage.inc({ stage: "publish" }, (clock.monotonic() - began) / 1_000);
  }

  async #ensureDays(reports: readonly Waiting[]): Promise<void> {
    const missing = new Map<string, number>();
    for (const { atMs, report } of reports) {
      const day = dayOf(atMs);
      if (report.kind === "sample" && !this.#days.has(day)) missing.set(day, atMs);
    }
    for (const [day, atMs] of missing) {
      await ensureMetricPartitions(this.#platform.db, atMs, atMs);
      this.#days.add(day);
    }
  }

  #giveBack(reports: readonly Waiting[], error: unknown): void {
    const delayMs = this.#pauseMs();
    for (const { delivery } of reports) delivery.retry(delayMs);
    this.#meters.retries.inc(reports.length);
    // A partition may have gone with the outage (a restored database): look again.
    this.#days.clear();
    const { log } = this.#platform;
    const fields = { messages: reports.length, delayMs, error };
    if (error instanceof Unavailable) log.warn("samples wait: the database is away", fields);
    else log.error("samples wait: the database refused them", fields);
  }

  #pauseMs(): number {
    return Math.min(MIN_PAUSE_MS * 2 ** Math.min(this.#failures, 10), MAX_PAUSE_MS);
  }

  async #pause(): Promise<void> {
    const delayMs = this.#pauseMs();
    this.#failures += 1;
    await this.#platform.clock.sleep(delayMs, this.#signal);
  }

  #drop(delivery: Delivery, reason: DropReason, detail: string): void {
    delivery.drop(reason);
    this.#meters.dropped.inc({ reason });
    const { subject } = delivery;
    this.#platform.log.warn("dropped a report", { reason, detail, subject: subject.slice(0, 200) });
  }
}

const encoder = new TextEncoder();
function encode(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}
