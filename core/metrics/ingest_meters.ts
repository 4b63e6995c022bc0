import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Bus } from "@/core/ports/bus.ts";

/** What `/metrics` says of ingest. */
export class IngestMeters {
  readonly rows: Counter;
  readonly samples: Counter;
  readonly duplicates: Counter;
  readonly dropped: Counter<"reason">;
  readonly retries: Counter;
  readonly batch: Histogram;
  readonly lag: Histogram;
  readonly stage: Counter<"stage">;

  constructor(registry: Registry, bus: Bus) {
    const registers = [registry];
    this.rows = new Counter({
      name: "tod_ingest_rows_total",
      help: "Rows committed to the sample tables.",
      registers,
    });
    this.samples = new Counter({
      name: "tod_ingest_samples_total",
      help: "Samples committed.",
      registers,
    });
    this.duplicates = new Counter({
      name: "tod_ingest_duplicates_total",
      help: "Samples delivered again after they were committed.",
      registers,
    });
    this.dropped = new Counter({
      name: "tod_ingest_dropped_total",
      help: "Messages that can never be stored, by reason.",
      labelNames: ["reason"] as const,
      registers,
    });
    this.retries = new Counter({
      name: "tod_ingest_retries_total",
      help: "Messages given back because the database did not take them now.",
      registers,
    });
    this.batch = new Histogram({
      name: "tod_ingest_batch_messages",
      help: "Messages in one batch.",
      buckets: [1, 5, 20, 50, 100, 200, 350, 500],
      registers,
    });
    this.lag = new Histogram({
      name: "tod_ingest_lag_seconds",
      help: "From the beginning of a poll to the commit of its sample.",
      buckets: [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3_600],
      registers,
    });
    this.stage = new Counter({
      name: "tod_ingest_stage_seconds_total",
      help: "Time of the writer: parse (CPU), database (all until the end of the batch), publish " +
        "(CPU) and clients (their history), both parts of database.",
      labelNames: ["stage"] as const,
      registers,
    });
    new Gauge({
      name: "tod_ingest_queue_messages",
      help: "Messages on the bus that wait for their consumers.",
      registers,
      async collect() {
        // A bus that is away has no depth: the sample is missing, which is what an alert looks for.
        const state = await bus.check().catch(() => undefined);
        if (state) this.set(state.pending);
        else this.reset();
      },
    });
  }
}
