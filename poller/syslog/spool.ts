import type { LogLine, LogReport } from "@/core/contract/device_logs.ts";
import type { Logger } from "@/core/log.ts";
import type { Bus } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { subjects } from "@/core/subjects.ts";
import type { SyslogMetrics } from "./metrics.ts";
import type { Sender } from "./senders.ts";

export interface SpoolDeps {
  bus: Bus;
  clock: Clock;
  log: Logger;
  metrics: SyslogMetrics;
  /** Most the bus keeps, as configured. */
  busMaxBytes: number;
}

const FLUSH_MS = 500;
/** What was dropped is told this often: a line a router, not one each flush. */
const TELL_DROPS_MS = 10_000;
const MAX_LINES = 200;
const MAX_REPORT_BYTES = 64 * 1_024;
/** What waits here while the bus takes nothing; past it lines are dropped and counted. */
export const MAX_SPOOLED_BYTES = 16 * 2 ** 20;
/** Logs may fill so much of the bus; the rest stays for readings. */
const BUS_SHARE = 0.5;
const LINE_OVERHEAD = 200;

interface Pending {
  sender: Sender;
  lines: LogLine[];
}

/**
 * Gathers lines by device and puts them on the bus, a report a device and half second. Bounded: a
 * flood costs lines, which are counted, and never the memory of the process or the room of the readings.
 */
export class LogSpool {
  #pending = new Map<string, Pending>();
  #dropped = new Map<string, { sender: Sender; count: number }>();
  #bytes = 0;
  /** Starts anywhere, so that two pollers hardly ever name two lines alike. */
  #n = Math.floor(Math.random() * 2 ** 31);
  #isCrowded = false;
  #toldDropsAt = -Infinity;

  constructor(readonly deps: SpoolDeps) {}

  add(sender: Sender, line: Omit<LogLine, "at" | "n">): void {
    const { metrics } = this.deps;
    const size = sizeOf(line);
    if (this.#isCrowded || this.#bytes + size > MAX_SPOOLED_BYTES) {
      metrics.dropped.inc({ reason: this.#isCrowded ? "bus_pressure" : "buffer_full" });
      this.drop(sender);
      return;
    }
    let pending = this.#pending.get(sender.deviceId);
    if (!pending) this.#pending.set(sender.deviceId, pending = { sender, lines: [] });
    pending.lines.push({ ...line, ...this.#place() });
    this.#bytes += size;
    metrics.accepted.inc();
  }

  /** Counts a line of this device that was not taken. */
  drop(sender: Sender): void {
    const dropped = this.#dropped.get(sender.deviceId);
    if (dropped) dropped.count += 1;
    else this.#dropped.set(sender.deviceId, { sender, count: 1 });
  }

  /** Flushes until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.deps.clock.sleep(FLUSH_MS, signal);
      await this.flush();
    }
  }

  /** Puts what waits on the bus; `tellDrops` also what was dropped just now. */
  async flush({ tellDrops = false }: { tellDrops?: boolean } = {}): Promise<void> {
    await this.#feelPressure();
    if (this.#isCrowded) return;
    for (const [id, { sender, lines }] of [...this.#pending]) {
      while (lines.length > 0) {
        const portion = this.#portion(lines);
        if (!await this.#publish(sender, portion, 0)) return; // what is left waits for the next time
        lines.splice(0, portion.length);
        this.#bytes -= portion.reduce((sum, line) => sum + sizeOf(line), 0);
        this.deps.metrics.buffered.set(this.#bytes);
      }
      this.#pending.delete(id);
    }
    const now = this.deps.clock.monotonic();
    if (this.#dropped.size === 0 || (!tellDrops && now - this.#toldDropsAt < TELL_DROPS_MS)) return;
    this.#toldDropsAt = now;
    for (const [id, dropped] of [...this.#dropped]) {
      const { count } = dropped;
      if (!await this.#publish(dropped.sender, [], count)) return;
      dropped.count -= count;
      if (dropped.count === 0) this.#dropped.delete(id);
    }
  }

  async #publish(
    { tenantId, deviceId }: Sender,
    lines: LogLine[],
    dropped: number,
  ): Promise<boolean> {
    const { bus, log } = this.deps;
    const report: LogReport = { deviceId, ...this.#place(), lines, dropped };
    const data = new TextEncoder().encode(JSON.stringify(report));
    const { at, n } = lines[0] ?? report;
    try {
      const id = `log:${deviceId}:${at}:${n}`;
      await bus.publish(subjects.deviceLog(tenantId, deviceId), data, { id });
      return true;
    } catch (error) {
      log.warn("the bus does not take log lines: they wait here", { error });
      return false;
    }
  }

  #place(): { at: string; n: number } {
    this.#n = (this.#n + 1) % 2 ** 31;
    return { at: new Date(this.deps.clock.now()).toISOString(), n: this.#n };
  }

  #portion(lines: readonly LogLine[]): LogLine[] {
    let size = 0;
    let count = 0;
    while (count < Math.min(lines.length, MAX_LINES)) {
      size += sizeOf(lines[count]!);
      if (count > 0 && size > MAX_REPORT_BYTES) break;
      count += 1;
    }
    return lines.slice(0, count);
  }

  async #feelPressure(): Promise<void> {
    const { bus, busMaxBytes, log } = this.deps;
    if (this.#pending.size + this.#dropped.size === 0) return;
    const state = await bus.check().catch(() => undefined);
    const isCrowded = state !== undefined && state.pendingBytes > busMaxBytes * BUS_SHARE;
    if (isCrowded && !this.#isCrowded) {
      log.warn("log lines are dropped: what waits on the bus leaves room for readings only");
    }
    this.#isCrowded = isCrowded;
  }
}

function sizeOf({ message }: Pick<LogLine, "message">): number {
  return message.length + LINE_OVERHEAD;
}
