import type { PollReport } from "@/core/contract/sample.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import type { TenantId } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { encodeReport } from "./encode_report.ts";
import type { PollerMetrics } from "./metrics.ts";

interface Waiting {
  subject: string;
  data: Uint8Array;
  id: string;
}

/** About a minute of 2,000 routers at 60 s, and 100 MB at most in memory. */
const MAX_BUFFERED_BYTES = 100 * 2 ** 20;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Puts reports on the bus. When the bus does not take them they wait here, in order, within a bound;
 * past it the oldest go, are counted, and the log says so. Polling goes on meanwhile.
 */
export class Publisher {
  #waiting: Waiting[] = [];
  #bytes = 0;
  #draining: Promise<void> | undefined;
  #isFull = false;

  constructor(
    readonly deps: { bus: Bus; clock: Clock; log: Logger; metrics: PollerMetrics },
    readonly signal: AbortSignal,
    readonly maxBytes = MAX_BUFFERED_BYTES,
  ) {}

  async publish(tenantId: TenantId, report: PollReport): Promise<void> {
    const at = report.kind === "sample" ? report.sampledAt : report.at;
    const message = {
      subject: subjects.report(tenantId, report.deviceId),
      data: encodeReport(report),
      id: `${report.kind}:${report.deviceId}:${at}`,
    };
    if (this.#waiting.length > 0) return this.#keep(message); // order is kept
    try {
      await this.deps.bus.publish(message.subject, message.data, { id: message.id });
    } catch (error) {
      this.deps.log.warn("the bus does not take reports: they wait here", { error });
      this.#keep(message);
    }
  }

  /** Resolves when nothing waits any more, or the bus still refuses at the stop. */
  async flush(): Promise<void> {
    await this.#draining;
  }

  #keep(message: Waiting): void {
    this.#waiting.push(message);
    this.#bytes += message.data.length;
    while (this.#bytes > this.maxBytes) {
      this.#bytes -= this.#waiting.shift()!.data.length;
      this.deps.metrics.lost.inc();
      if (!this.#isFull) {
        this.deps.log.error("reports are lost: the bus has been away for too long");
      }
      this.#isFull = true;
    }
    this.deps.metrics.buffered.set(this.#waiting.length);
    this.#draining ??= this.#drain().finally(() => this.#draining = undefined);
  }

  async #drain(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (this.#waiting.length > 0) {
      const message = this.#waiting[0]!;
      try {
        await this.deps.bus.publish(message.subject, message.data, { id: message.id });
        if (this.#waiting[0] === message) {
          this.#waiting.shift();
          this.#bytes -= message.data.length;
        }
        pause = FIRST_PAUSE_MS;
      } catch {
        if (this.signal.aborted) {
          this.deps.log.error("reports are lost: the bus was away at the stop", {
            reports: this.#waiting.length,
          });
          return;
        }
        await this.deps.clock.sleep(pause, this.signal);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
      this.deps.metrics.buffered.set(this.#waiting.length);
    }
    this.#isFull = false;
    this.deps.log.info("the bus takes reports again");
  }
}
