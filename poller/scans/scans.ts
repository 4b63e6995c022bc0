import type { HostFindings } from "@/core/contract/discovery.ts";
import { readTargets } from "@/core/contract/scan_targets.ts";
import {
  MAX_REPORTED,
  ScanOrder,
  type ScanReport,
  ScanReportAnswer,
  type ScanTaken,
} from "@/core/discovery/scan_protocol.ts";
import { messageOf } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import { networkSet } from "@/core/networks.ts";
import type { Rpc } from "@/core/ports/bus.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { subjects } from "@/core/subjects.ts";
import { Semaphore } from "../semaphore.ts";
import { scan } from "./scan.ts";

export interface ScansDeps {
  rpc: Rpc;
  clock: Clock;
  log: Logger;
  region: string;
  /** `<host>:<pid>` */
  poller: string;
  discovery: { networks: readonly string[]; addressesPerSecond: number };
}

const MAX_SCANS = 4;
const AT_ONCE = 64;
const LOOKS_AT_ONCE = 8;
const KNOCK_MS = 1_500;
const REPORT_EVERY_MS = 500;
const REPORT_TIMEOUT_MS = 5_000;
/** How long results wait for an API that is away, after the scan's end. */
const PATIENCE_MS = 300_000;

interface Running {
  order: ScanOrder;
  done: number;
  /** Not yet taken by the API. */
  hosts: HostFindings[];
  stop: AbortController;
}

/** Scans of this poller. They hold no state that is not reported: who asks is told by the API. */
export class Scans {
  readonly #running = new Set<Promise<void>>();
  readonly #looks = new Semaphore(LOOKS_AT_ONCE);

  constructor(readonly deps: ScansDeps) {}

  /** Takes orders until `signal` aborts; then ends what runs, and says so. */
  async serve(signal: AbortSignal): Promise<void> {
    const { rpc, region } = this.deps;
    await rpc.serve(
      subjects.scanStart(region),
      { group: "pollers", concurrency: MAX_SCANS, signal },
      (data) => {
        const order = ScanOrder.parse(JSON.parse(new TextDecoder().decode(data)));
        const answer = new TextEncoder().encode(JSON.stringify(this.#take(order, signal)));
        return Promise.resolve(answer);
      },
    );
    await Promise.allSettled(this.#running);
  }

  #take(order: ScanOrder, signal: AbortSignal): ScanTaken {
    const { poller, discovery, log } = this.deps;
    const refuse = (reason: string): ScanTaken => ({ taken: false, reason });
    if (this.#running.size >= MAX_SCANS) {
      return refuse(`The poller ${poller} runs ${MAX_SCANS} scans already: try again later.`);
    }
    const { addresses, problems } = readTargets(order.targets);
    if (problems.length > 0) return refuse(problems.join("; ").slice(0, 1_000));
    // Its own setting decides: the API's may be another.
    const isAllowed = networkSet(discovery.networks);
    const outside = addresses.find((address) => !isAllowed(address));
    if (outside !== undefined) {
      return refuse(
        `${outside} is outside of what the poller ${poller} may scan: its setting ` +
          "discovery-networks allows others.",
      );
    }
    const run: Promise<void> = this.#run(order, addresses, signal)
      .catch((error) => log.error("a scan broke", { scanId: order.scanId, error }))
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
    return { taken: true, poller };
  }

  async #run(order: ScanOrder, addresses: readonly string[], ending: AbortSignal): Promise<void> {
    const { clock, discovery } = this.deps;
    const running: Running = { order, done: 0, hosts: [], stop: new AbortController() };
    const { stop } = running;
    const signal = AbortSignal.any([stop.signal, ending]);
    const scanned = scan({
      ...{ addresses, clock, signal, atOnce: AT_ONCE, knockMs: KNOCK_MS, looks: this.#looks },
      perSecond: discovery.addressesPerSecond,
      onHost: (findings) => running.hosts.push(findings),
      onDone: () => running.done += 1,
    });
    const over = new AbortController();
    const reporting = this.#reportWhile(running, over.signal);
    await scanned.finally(() => over.abort());
    await reporting;
    const state = ending.aborted ? "interrupted" : stop.signal.aborted ? "cancelled" : "done";
    await this.#reportEnd(running, state, ending);
  }

  async #reportWhile(running: Running, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.deps.clock.sleep(REPORT_EVERY_MS, over);
      if (!over.aborted) await this.#report(running, "running");
    }
  }

  /** The last word, with all that was found. A poller that is to end does not wait for an API that is away. */
  async #reportEnd(
    running: Running,
    state: "done" | "cancelled" | "interrupted",
    ending: AbortSignal,
  ): Promise<void> {
    const { clock, log } = this.deps;
    const deadline = clock.monotonic() + PATIENCE_MS;
    for (;;) {
      const isLast = running.hosts.length <= MAX_REPORTED;
      const isTaken = await this.#report(running, isLast ? state : "running");
      if (isTaken && isLast) return;
      if (isTaken) continue;
      if (ending.aborted || clock.monotonic() >= deadline) {
        log.warn("the end of a scan was not told: it will be taken for interrupted", {
          scanId: running.order.scanId,
        });
        return;
      }
      await clock.sleep(REPORT_EVERY_MS, ending);
    }
  }

  /** Whether the API took it. What it did not take is in the next report. */
  async #report(running: Running, state: ScanReport["state"]): Promise<boolean> {
    const { rpc, log } = this.deps;
    const { order: { tenantId, scanId }, done, stop } = running;
    const hosts = running.hosts.slice(0, MAX_REPORTED);
    const report: ScanReport = { tenantId, scanId, state, done, hosts };
    try {
      const data = new TextEncoder().encode(JSON.stringify(report));
      const limit = { timeoutMs: REPORT_TIMEOUT_MS };
      const answer = await rpc.request(subjects.scanReport, data, limit);
      running.hosts.splice(0, hosts.length);
      const { goOn } = ScanReportAnswer.parse(JSON.parse(new TextDecoder().decode(answer)));
      if (!goOn && state === "running") stop.abort();
      return true;
    } catch (error) {
      log.debug("a report of a scan was not taken: it is sent again", {
        scanId,
        error: messageOf(error),
      });
      return false;
    }
  }
}
