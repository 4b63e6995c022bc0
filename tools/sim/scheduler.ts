import { type Row, valueAt } from "./live.ts";
import type { SimRouter } from "./router.ts";
import { runNamed } from "./script/start.ts";
import { dateTime, parseDateTime } from "./text.ts";
import type { TimerId } from "./time.ts";
import { secondsOf } from "./values.ts";

/** From the end of the boot until what runs at startup runs. */
const STARTUP_MS = 3_000;

interface Job {
  readonly row: Row;
  timer: TimerId | undefined;
  /** Device clock of the next run. */
  next: number | undefined;
  /** What its plan was made of: another text, another plan. */
  key: string;
  /** World clock at which an interval-only job began to count. */
  since: number;
  runs: number;
}

/** Runs what `/system/scheduler` says. */
export class Scheduler {
  readonly #router: SimRouter;
  readonly #jobs = new Map<Row, Job>();

  constructor(router: SimRouter) {
    this.#router = router;
  }

  /** Whether device-mode lets jobs run. */
  get isAllowed(): boolean {
    if (this.#router.fault("scheduler-inactivated")) return false;
    const mode = this.#router.rows("/system/device-mode")[0];
    return mode === undefined || mode["scheduler"] === "true";
  }

  /** Brings the timers in line with the rows and the clock. */
  plan(): void {
    const rows = new Set(this.#router.config.rows("/system/scheduler"));
    for (const [row, job] of this.#jobs) {
      if (rows.has(row)) continue;
      this.#router.time.clearTimeout(job.timer);
      this.#jobs.delete(row);
    }
    if (this.#router.isUp) { for (const row of rows) this.#planJob(row); }
  }

  stop(): void {
    for (const { timer } of this.#jobs.values()) this.#router.time.clearTimeout(timer);
    this.#jobs.clear();
  }

  boot(): void {
    this.#jobs.clear();
    const rows = this.#router.config.rows("/system/scheduler");
    for (const row of rows) {
      if (row["start-time"] !== "startup" || intervalOf(row) > 0) continue;
      this.#router.time.setTimeout(() => this.#fire(row), STARTUP_MS);
    }
    this.plan();
  }

  nextRun(row: Row): string | undefined {
    const next = this.#jobs.get(row)?.next;
    if (next === undefined || row["disabled"] === "true" || !this.isAllowed) return undefined;
    const { date, time } = dateTime(next, this.#router.version.hasIsoDates);
    return `${date} ${time}`;
  }

  runCount(row: Row): string {
    return String(this.#jobs.get(row)?.runs ?? 0);
  }

  #planJob(row: Row): void {
    const { time } = this.#router;
    const key = ["interval", "start-date", "start-time", "disabled"].map((name) => row[name])
      .join();
    let job = this.#jobs.get(row);
    if (!job) {
      job = { row, timer: undefined, next: undefined, key, since: time.now(), runs: 0 };
      this.#jobs.set(row, job);
    } else if (job.key !== key) Object.assign(job, { key, since: time.now() });
    time.clearTimeout(job.timer);
    job.timer = undefined;
    const inMs = this.#untilNext(job);
    job.next = inMs === undefined ? undefined : this.#router.clock() + inMs;
    if (inMs === undefined || row["disabled"] === "true" || !this.isAllowed) return;
    job.timer = time.setTimeout(() => this.#fire(row), inMs);
  }

  /** Milliseconds until its next run by the rules of its start; `undefined`: never by time. */
  #untilNext({ row, since, key: _ }: Job): number | undefined {
    const interval = intervalOf(row) * 1_000;
    if (row["start-time"] === "startup" && interval === 0) return undefined;
    const start = row["start-time"] === "startup" ? undefined : startOf(this.#router, row);
    if (start === undefined) {
      // Without a start of its own it counts from when it was made, or the router booted: no clock
      // can jump it. Versions 7.24.0 to 7.24.4 never get to it.
      if (interval === 0 || this.#hasDefect && row["start-time"] !== "startup") return undefined;
      const past = this.#router.now() - since;
      return interval - past % interval;
    }
    const ahead = start - this.#router.clock();
    if (ahead > 0) return ahead;
    // Missed, it is lost without an interval, and else runs at the next multiple.
    if (interval === 0) return ahead === 0 ? 0 : undefined;
    const late = -ahead % interval;
    return interval - late;
  }

  get #hasDefect(): boolean {
    const { version } = this.#router;
    return version.atLeast("7.24") && !version.atLeast("7.24.5");
  }

  #fire(row: Row): void {
    const router = this.#router;
    if (!router.isUp || !this.isAllowed || row["disabled"] === "true") return;
    if (!router.config.rows("/system/scheduler").includes(row)) return;
    const job = this.#jobs.get(row);
    if (job) job.runs += 1;
    router.revision++;
    // The next run is planned first: what runs now may take the job away.
    if (job && intervalOf(row) > 0) this.#planJob(row);
    else if (job) job.next = undefined;
    const now = router.now();
    const text = (name: string) => valueAt(row[name] ?? "", now);
    const policies = new Set(text("policy").split(","));
    runNamed(router, text("on-event"), { name: text("owner"), policies, what: text("name") });
  }
}

export function intervalOf(row: Row): number {
  return secondsOf(String(row["interval"] ?? "0")) ?? 0;
}

/** The device clock at which a job starts, where it was told one; `undefined` for the default. */
function startOf(router: SimRouter, row: Row): number | undefined {
  const date = row["start-date"];
  const time = row["start-time"];
  if (row["$start"] !== "told" || typeof date !== "string" || typeof time !== "string") {
    return undefined;
  }
  return parseDateTime(date, time) ?? router.clock();
}
