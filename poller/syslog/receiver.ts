import type { Logger } from "@/core/log.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { parseSyslog } from "@/core/wire/syslog/mod.ts";
import type { SyslogMetrics } from "./metrics.ts";
import type { OwnLogins } from "./own_logins.ts";
import { canonicalAddress, type Refusal, type Senders } from "./senders.ts";
import type { LogSpool } from "./spool.ts";
import { type Rate, TokenBuckets } from "./token_buckets.ts";

export interface ReceiverDeps {
  clock: Clock;
  log: Logger;
  metrics: SyslogMetrics;
  senders: Senders;
  spool: Pick<LogSpool, "add" | "drop">;
  ownLogins: Pick<OwnLogins, "explains">;
  /** Of one router; a source may send twice as much, as a relay of several does. */
  rate: Rate;
}

/** Lines a second that all sources together may send: parsing them must leave time for polls. */
const TOTAL: Rate = { perSecond: 5_000, burst: 10_000 };
const MAX_SOURCES = 20_000;
const TELL_EVERY_MS = 60_000;
const TOLD_SOURCES = 10;

/** What every transport hands its lines to: limits, reads, finds the sender. Never throws. */
export class SyslogReceiver {
  readonly #total: TokenBuckets;
  readonly #bySource: TokenBuckets;
  readonly #byDevice: TokenBuckets;
  #refused = new Map<string, Refusal>();
  #toldAt = -Infinity;

  constructor(readonly deps: ReceiverDeps) {
    const { rate, clock } = deps;
    const monotonic = () => clock.monotonic();
    const double = { perSecond: rate.perSecond * 2, burst: rate.burst * 2 };
    this.#total = new TokenBuckets(TOTAL, 1, monotonic);
    this.#bySource = new TokenBuckets(double, MAX_SOURCES, monotonic);
    this.#byDevice = new TokenBuckets(rate, MAX_SOURCES, monotonic);
  }

  receive(bytes: Uint8Array, from: string, transport: "udp" | "tcp"): void {
    const { metrics, senders, spool } = this.deps;
    metrics.received.inc({ transport });
    const source = canonicalAddress(from) ?? from;
    // Cheapest first: a flood is turned away before anything is read.
    if (!this.#bySource.take(source)) return this.#dropped("source_rate", source);
    if (!this.#total.take("")) return this.#dropped("total_rate", source);
    const { device, level, topics, message, deviceTime } = parseSyslog(bytes);
    if (message === "") return;
    const found = senders.find(source, device);
    if ("refusal" in found) {
      metrics.dropped.inc({ reason: found.refusal });
      this.#tell(source, found.refusal);
      return;
    }
    if (!this.#byDevice.take(found.sender.deviceId)) {
      metrics.dropped.inc({ reason: "device_rate" });
      spool.drop(found.sender);
      return;
    }
    const isOwn = this.deps.ownLogins.explains(found.sender.deviceId, message);
    spool.add(found.sender, { level, topics, message, deviceTime, ...(isOwn && { isOwn }) });
  }

  /** Turned away unread; still counted for the router, when the address alone tells which it is. */
  #dropped(reason: "source_rate" | "total_rate", source: string): void {
    this.deps.metrics.dropped.inc({ reason });
    const found = this.deps.senders.find(source, null);
    if ("sender" in found) this.deps.spool.drop(found.sender);
  }

  /** Says once a minute who sends in vain, a few of them. */
  #tell(source: string, why: Refusal): void {
    const { clock, log } = this.deps;
    if (this.#refused.size < TOLD_SOURCES) this.#refused.set(source, why);
    if (clock.monotonic() - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = clock.monotonic();
    const sources = Object.fromEntries(this.#refused);
    this.#refused.clear();
    log.warn("syslog of senders that are no router here, or more than one, is not taken", {
      sources,
    });
  }
}
