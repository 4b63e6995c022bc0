/** A program: runs one scenario of `deno task bench:wire` and prints its figures as JSON. */
import { Buffer } from "node:buffer";
import { connect } from "node:net";
import process from "node:process";
import { encodeSentence, RouterosSession, TrapError } from "@/core/wire/routeros/mod.ts";
import { FAILING, LONG_TABLE, POLL, SHORT } from "./canned_replies.ts";
import { EventLoopLag, quantile } from "./event_loop_lag.ts";

const COMMANDS = Object.keys(POLL);

export interface PollFigures {
  connectSeconds: number;
  polls: number;
  pollsPerSecond: number;
  cpuPerThousand: number;
  rssIdleMb: number;
  rssBusyMb: number;
  lagP50Ms: number;
  lagP99Ms: number;
  pollP50Ms: number;
  pollP99Ms: number;
}

interface Poller {
  poll(): Promise<void>;
  close(): void;
}

const megabytes = () => Deno.memoryUsage().rss / 2 ** 20;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const sessionTo = (port: number, tls: boolean, maxInFlight: number) =>
  RouterosSession.open({
    address: "127.0.0.1",
    port,
    tls: tls ? { mode: "pinned", fingerprint: null } : { mode: "plain" },
    username: "api",
    password: "secret",
    connectTimeoutMs: 60_000,
    loginTimeoutMs: 60_000,
    maxInFlight,
  });

async function ours(port: number, tls: boolean, maxInFlight: number): Promise<Poller> {
  const session = await sessionTo(port, tls, maxInFlight);
  return {
    async poll() {
      const answers = await Promise.all(COMMANDS.map((command) => session.run(command)));
      if (answers[1]!.rows.length !== POLL["/interface/print"]!.length) {
        throw new Error("Cannot count this poll: rows are missing");
      }
    },
    close: () => session.close(),
  };
}

/**
 * The yardstick: what a poll costs with nothing but a socket and a loop over the words. It knows no
 * tags, deadlines, traps, bounds or encodings, and every sentence must come whole.
 */
async function bare(port: number): Promise<Poller> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await new Promise((resolve) => socket.once("connect", resolve));
  const request = Buffer.concat(
    COMMANDS.map((command, i) => encodeSentence([command, `.tag=${i + 1}`])),
  );
  let held: Buffer = Buffer.alloc(0);
  let done = 0;
  let rows: Record<string, string>[] = [];
  let answered = () => {};
  socket.on("error", () => {});
  socket.on("data", (chunk: Buffer) => {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    let at = 0;
    let start = 0;
    let row: Record<string, string> = {};
    let kind = "";
    while (at < bytes.length) {
      const length = bytes[at]!;
      if (length === 0) {
        if (kind === "!re") rows.push(row);
        if (kind === "!done" && ++done === COMMANDS.length) {
          done = 0;
          rows = [];
          answered();
        }
        row = {};
        kind = "";
        start = ++at;
        continue;
      }
      if (at + length >= bytes.length) break;
      const word = bytes.toString("latin1", at + 1, at + 1 + length);
      at += 1 + length;
      if (kind === "") kind = word;
      else {
        const equals = word.indexOf("=", 1);
        row[word.substring(1, equals)] = word.substring(equals + 1);
      }
    }
    held = bytes.subarray(start);
  });
  return {
    poll: () =>
      new Promise<void>((resolve) => {
        answered = resolve;
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
}

async function nodeRouteros(port: number): Promise<Poller> {
  const { RouterOSAPI } = await import("node-routeros");
  const api = new RouterOSAPI({
    host: "127.0.0.1",
    port,
    user: "api",
    password: "secret",
    timeout: 120,
  });
  await api.connect();
  return {
    async poll() {
      await Promise.all(COMMANDS.map((command) => api.write(command)));
    },
    close: () => void api.close(),
  };
}

/** `perSecond` 0: every session polls again as soon as it has its answer. */
async function polls(
  open: () => Promise<Poller>,
  sessions: number,
  seconds: number,
  perSecond: number,
): Promise<PollFigures> {
  const began = performance.now();
  const pollers: Poller[] = [];
  while (pollers.length < sessions) {
    const batch = Math.min(100, sessions - pollers.length);
    pollers.push(...await Promise.all(Array.from({ length: batch }, open)));
  }
  const connectSeconds = (performance.now() - began) / 1000;
  await sleep(300);
  const rssIdleMb = megabytes();
  let rssBusyMb = 0;
  const took: number[] = [];
  let isWarm = false;
  let isOver = false;
  const one = async (poller: Poller) => {
    const start = performance.now();
    await poller.poll();
    if (isWarm && !isOver) took.push(performance.now() - start);
  };
  const sessionLoop = async (poller: Poller, index: number) => {
    const everyMs = perSecond > 0 ? sessions / perSecond * 1000 : 0;
    if (everyMs > 0) await sleep(everyMs * index / sessions);
    while (!isOver) {
      const start = performance.now();
      await one(poller);
      if (everyMs > 0 && !isOver) {
        await Promise.race([sleep(everyMs - (performance.now() - start)), over.promise]);
      }
    }
  };
  const over = Promise.withResolvers<void>();
  const loops = Promise.all(pollers.map(sessionLoop));
  // The first second compiles and grows; it is not what is asked.
  await sleep(1000);
  isWarm = true;
  const lag = new EventLoopLag();
  const cpu = process.cpuUsage();
  const start = performance.now();
  const watch = setInterval(() => rssBusyMb = Math.max(rssBusyMb, megabytes()), 200);
  await sleep(seconds * 1000);
  const elapsed = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  clearInterval(watch);
  isOver = true;
  const { p50, p99 } = lag.stop();
  over.resolve();
  await Promise.race([loops, sleep(5_000)]);
  for (const poller of pollers) poller.close();
  return {
    connectSeconds,
    polls: took.length,
    pollsPerSecond: took.length / elapsed,
    cpuPerThousand: (used.user + used.system) / 1e6 / (took.length / 1000),
    rssIdleMb,
    rssBusyMb: Math.max(rssBusyMb, megabytes()),
    lagP50Ms: p50,
    lagP99Ms: p99,
    pollP50Ms: quantile(took, 0.5),
    pollP99Ms: quantile(took, 0.99),
  };
}

/** 60 short commands one after the other. */
async function latency(run: () => Promise<unknown>) {
  for (let i = 0; i < 20; i++) await run();
  const took: number[] = [];
  for (let i = 0; i < 60; i++) {
    const start = performance.now();
    await run();
    took.push(performance.now() - start);
  }
  return { p50Ms: quantile(took, 0.5), p95Ms: quantile(took, 0.95) };
}

async function longTable(port: number) {
  using session = await sessionTo(port, false, 2);
  const lag = new EventLoopLag(1);
  const start = performance.now();
  const { rows } = await session.run(LONG_TABLE, { deadlineMs: 120_000 });
  const seconds = (performance.now() - start) / 1000;
  await sleep(0);
  return { rows: rows.length, seconds, maxStallMs: lag.stop().max };
}

/** 10,000 failing commands, several times over: what stays after each. */
async function failing(port: number) {
  using session = await sessionTo(port, false, 2);
  const rssMb: number[] = [];
  let traps = 0;
  for (let round = 0; round < 6; round++) {
    for (let i = 0; i < 10_000; i++) {
      try {
        await session.run(FAILING);
      } catch (error) {
        if (error instanceof TrapError) traps++;
      }
    }
    (globalThis as { gc?: () => void }).gc?.();
    rssMb.push(megabytes());
  }
  return { traps, rssMb, pending: session.pendingCount };
}

async function scenario(name: string, port: number, sessions: number, seconds: number) {
  switch (name) {
    case "plain":
      return await polls(() => ours(port, false, 5), sessions, seconds, 0);
    case "bare":
      return await polls(() => bare(port), sessions, seconds, 0);
    case "bare-paced":
      return await polls(() => bare(port), sessions, seconds, sessions / 10);
    case "plain-2":
      return await polls(() => ours(port, false, 2), sessions, seconds, 0);
    case "tls":
      return await polls(() => ours(port, true, 5), sessions, seconds, 0);
    case "plain-paced":
      return await polls(() => ours(port, false, 2), sessions, seconds, sessions / 10);
    case "tls-paced":
      return await polls(() => ours(port, true, 2), sessions, seconds, sessions / 10);
    case "node-routeros":
      return await polls(() => nodeRouteros(port), sessions, seconds, 0);
    case "latency": {
      using session = await sessionTo(port, false, 2);
      return await latency(() => session.run(SHORT));
    }
    case "node-routeros-latency": {
      const { RouterOSAPI } = await import("node-routeros");
      const api = new RouterOSAPI({ host: "127.0.0.1", port, user: "api", password: "secret" });
      await api.connect();
      return await latency(() => api.write(SHORT));
    }
    case "long-table":
      return await longTable(port);
    case "failing":
      return await failing(port);
    default:
      throw new Error(`Cannot run scenario as it must be known: current value is "${name}"`);
  }
}

if (import.meta.main) {
  const [name = "", port, sessions, seconds] = Deno.args;
  const figures = await scenario(name, Number(port), Number(sessions), Number(seconds));
  console.log(JSON.stringify(figures));
  Deno.exit(0);
}
