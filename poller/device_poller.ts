import type { CollectorOutcome, DeviceSample } from "@/core/contract/sample.ts";
import type { DeviceCredential, PollTarget } from "@/core/devices/poll_target.ts";
import { messageOf } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import {
  type CommandWords,
  type PreparedCommand,
  RouterosSession,
  type Row,
  TrapError,
} from "@/core/wire/routeros/mod.ts";
import {
  type Ask,
  type Collector,
  type DeviceFacts,
  NO_FACTS,
  type Pace,
  type Sections,
  type Table,
} from "./collector.ts";
import { type Board, NO_BOARD, readBoard, readSystem } from "./collectors/system.ts";
import { NoCredential } from "./failure.ts";
import { phaseOf } from "./jitter.ts";
import type { PollerMetrics } from "./metrics.ts";
import { routerTls } from "./router_tls.ts";
import { Semaphore } from "./semaphore.ts";

const MINUTE_SECONDS = 60;
const EARLY_MS = 500;

export interface DevicePollerDeps {
  clock: Clock;
  metrics: PollerMetrics;
  handshakes: Semaphore;
  credential(target: PollTarget): Promise<DeviceCredential | undefined>;
  collectors: readonly Collector[];
  poller: string;
  /** Whether a live run has a command open on it: a small router bears two at a time. */
  hasRun?(deviceId: string): boolean;
  polling: {
    connectTimeoutMs: number;
    commandTimeoutMs: number;
    slowIntervalSeconds: number;
  };
}

/** Reads one router, again and again, over one session that it keeps open between polls. */
export class DevicePoller implements Disposable {
  #session: RouterosSession | undefined;
  #pinned: string | null = null;
  #facts: DeviceFacts = NO_FACTS;
  #board: Board = NO_BOARD;
  /** Menus this router does not have; asked again after an upgrade or a reboot. */
  #absent = new Set<string>();
  #lastUptime = 0;
  /** When readings of a pace are due again, `clock.now()`. */
  #due = { minute: 0, slow: 0 };

  constructor(public target: PollTarget, readonly deps: DevicePollerDeps) {}

  /** SHA-256 of the certificate that the last session saw. */
  get seenFingerprint(): string | null {
    return this.#pinned;
  }

  /**
   * One poll. Throws what ended it; a failed collector does not, it is named in the sample.
   *
   * @param signal ends a connection attempt; a poll under way ends when this is disposed of
   * @param deadlineMs for the whole poll, from its first command on
   */
  async poll(signal: AbortSignal, deadlineMs = Infinity): Promise<DeviceSample> {
    const { clock, poller, polling } = this.deps;
    const session = await this.#connect(signal);
    const began = clock.monotonic();
    const sampledAt = new Date(clock.now()).toISOString();
    const lane = this.deps.hasRun?.(this.target.deviceId) ? new Semaphore(1) : undefined;
    const inLane = <T>(work: () => Promise<T>) => lane ? lane.run(work) : work();
    const limit = () => {
      const left = began + deadlineMs - clock.monotonic();
      return { deadlineMs: Math.max(Math.min(polling.commandTimeoutMs, left), 0) };
    };
    const run = (command: string | PreparedCommand, words: CommandWords = {}) =>
      inLane(() =>
        typeof command === "string"
          ? session.run(command, { ...words, ...limit() })
          : session.run(command, limit())
      );
    const ask: Ask = Object.assign(run, {
      table: (command: string, words: CommandWords, maxRows: number) =>
        inLane(() => firstRows(session.stream(command, { ...words, ...limit() }), maxRows)),
    });
    try {
      const now = clock.now();
      const outcomes: CollectorOutcome[] = [];
      if (now >= this.#due.slow) await this.#readBoard(ask, outcomes);
      const system = await readSystem(ask, this.#board);
      this.#notice(system.version, system.uptimeSeconds);
      const isDue = { poll: true, minute: now >= this.#due.minute, slow: now >= this.#due.slow };
      const sections = await this.#collect(ask, isDue, outcomes);
      if (isDue.minute) this.#due.minute = this.#nextDue(now, MINUTE_SECONDS);
      if (isDue.slow) {
        this.#due.slow = this.#nextDue(now, this.deps.polling.slowIntervalSeconds);
      }
      return {
        kind: "sample",
        version: 1,
        deviceId: this.target.deviceId,
        sampledAt,
        poller,
        durationMs: Math.round((clock.monotonic() - began) * 10) / 10,
        tlsFingerprint: session.peerCertificate?.fingerprint ?? null,
        system,
        ...sections,
        collectors: outcomes,
      };
    } catch (error) {
      // A router that stopped answering gets a fresh start next time.
      this.#drop();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#drop();
  }

  #drop(): void {
    if (this.#session) this.deps.metrics.sessions.dec();
    this.#session?.close();
    this.#session = undefined;
  }

  async #connect(signal: AbortSignal): Promise<RouterosSession> {
    if (this.#session?.isClosed) this.#drop();
    if (this.#session) return this.#session;
    const credential = await this.deps.credential(this.target);
    if (!credential) throw new NoCredential("Cannot log in: this device has no credential");
    const { address, port } = this.target;
    const { connectTimeoutMs } = this.deps.polling;
    const { metrics, handshakes } = this.deps;
    // Bounded: a thousand routers that come back at once are not greeted at once.
    const session = await handshakes.run(async () => {
      metrics.handshakes.set(handshakes.inUse);
      try {
        return await RouterosSession.open({
          address,
          port,
          tls: routerTls(this.target, this.#pinned),
          ...credential,
          connectTimeoutMs,
          loginTimeoutMs: connectTimeoutMs,
          signal,
        });
      } finally {
        metrics.handshakes.set(handshakes.inUse - 1);
      }
    });
    metrics.logins.inc();
    metrics.sessions.inc();
    this.#session = session;
    // Until the database's row says so: what the first contact saw is what the next must show.
    this.#pinned = session.peerCertificate?.fingerprint ?? null;
    this.#due = { minute: 0, slow: 0 };
    return session;
  }

  /** After an upgrade or a reboot menus may have come or gone. */
  #notice(version: string, uptime: number): void {
    if (version !== this.#facts.version || uptime < this.#lastUptime) {
      this.#absent.clear();
      this.#due = { minute: 0, slow: 0 };
    }
    this.#lastUptime = uptime;
    this.#facts = { ...this.#facts, version };
  }

  #nextDue(now: number, seconds: number): number {
    // Spread over a tenth: devices adopted together must not stay in step.
    const spread = 0.9 + 0.1 * phaseOf(this.target.deviceId);
    // A poll comes some milliseconds early or late: one that comes early must not wait a round.
    return now + seconds * 1_000 * spread - EARLY_MS;
  }

  async #readBoard(ask: Ask, outcomes: CollectorOutcome[]): Promise<void> {
    const reading = await this.#attempt("routerboard", () => readBoard(ask), outcomes);
    if (reading) this.#board = reading;
  }

  async #collect(
    ask: Ask,
    isDue: Readonly<Record<Pace, boolean>>,
    outcomes: CollectorOutcome[],
  ): Promise<Sections> {
    const sections: Sections = {};
    const read = async (collector: Collector) => {
      if (this.#absent.has(collector.name) || collector.appliesTo?.(this.#facts) === false) return;
      const run = () => collector.collect(ask, this.#facts);
      const reading = await this.#attempt(collector.name, run, outcomes);
      if (reading?.sections) merge(sections, reading.sections);
      if (reading?.facts) this.#facts = { ...this.#facts, ...reading.facts };
    };
    const due = this.deps.collectors.filter(({ pace }) => isDue[pace]);
    // Readings of several paces build on each other; those of every poll do not, and asked side by
    // side (two at a time, which the session sees to) they take half the round trips.
    if (isDue.minute || isDue.slow) { for (const collector of due) await read(collector); }
    else await Promise.all(due.map(read));
    // Link speeds come from a slower reading than the interfaces they belong to.
    if (sections.interfaces && isDue.slow) {
      sections.interfaces = sections.interfaces.map((reading) => ({
        ...reading,
        speedBps: this.#facts.speeds.get(reading.name) ?? reading.speedBps,
      }));
    }
    return sections;
  }

  /** Runs one reading; only trouble with the session itself ends the poll. */
  async #attempt<T>(
    name: string,
    read: () => Promise<T>,
    outcomes: CollectorOutcome[],
  ): Promise<T | undefined> {
    const { clock } = this.deps;
    const began = clock.monotonic();
    const note = (outcome: CollectorOutcome["outcome"], error: string | null) =>
      outcomes.push({
        name,
        outcome,
        ms: Math.round((clock.monotonic() - began) * 10) / 10,
        error,
      });
    try {
      const reading = await read();
      note("ok", null);
      return reading;
    } catch (error) {
      if (this.#session?.isClosed !== false) throw error;
      if (error instanceof TrapError && isAbsent(error)) {
        this.#absent.add(name);
        note("absent", null);
      } else note("failed", messageOf(error).slice(0, 500));
      return undefined;
    }
  }
}

async function firstRows(stream: AsyncIterable<Row>, maxRows: number): Promise<Table> {
  const rows: Row[] = [];
  for await (const row of stream) {
    if (rows.length === maxRows) return { rows, isCut: true };
    rows.push(row);
  }
  return { rows, isCut: false };
}

function isAbsent(error: TrapError): boolean {
  return /no such command|unknown command|bad command/i.test(error.reason);
}

/** Two wireless drivers, or BGP and OSPF, fill the same section. */
function merge(into: Sections, from: Sections): void {
  if (into.wireless && from.wireless) {
    into.wireless = {
      drivers: [...into.wireless.drivers, ...from.wireless.drivers],
      radios: [...into.wireless.radios, ...from.wireless.radios],
      clients: [...into.wireless.clients, ...from.wireless.clients],
    };
  } else if (into.peers && from.peers) into.peers = [...into.peers, ...from.peers];
  else Object.assign(into, from);
}
