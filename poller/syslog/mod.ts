import { lookup } from "node:dns/promises";
import type { DeviceChange } from "@/core/devices/changes.ts";
import { getPollTarget } from "@/core/devices/poll_targets.ts";
import type { PollTarget } from "@/core/devices/poll_target.ts";
import { messageOf } from "@/core/errors.ts";
import type { Platform } from "@/core/platform.ts";
import { listenTcp } from "./listen_tcp.ts";
import { listenUdp } from "./listen_udp.ts";
import { createSyslogMetrics } from "./metrics.ts";
import type { OwnLogins } from "./own_logins.ts";
import { SyslogReceiver } from "./receiver.ts";
import { Senders } from "./senders.ts";
import { LogSpool } from "./spool.ts";

const RESOLVE_EVERY_MS = 600_000;
const BURST_SECONDS = 10;

/** The syslog listener of a region: the poller tells it which devices there are. */
export interface SyslogListener {
  /** Ports that are open, where they were asked for. */
  readonly ports: { udp?: number; tcp?: number };
  sync(targets: readonly PollTarget[]): void;
  apply(change: DeviceChange): Promise<void>;
  /** Runs until `signal` aborts, then puts what waits on the bus. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Opens the ports that are configured; `undefined` when none is.
 *
 * @throws {Error} saying which port cannot be opened, and why
 */
export async function openSyslog(
  platform: Pick<Platform, "config" | "bus" | "clock" | "log" | "registry" | "db">,
  ownLogins: OwnLogins,
): Promise<SyslogListener | undefined> {
  const { config, bus, clock, db } = platform;
  const { host, udpPort, tcpPort, linesPerSecond } = config.syslog;
  if (udpPort === null && tcpPort === null) return undefined;
  const log = platform.log.with({ part: "syslog" });
  const metrics = createSyslogMetrics(platform.registry);
  const resolve = async (name: string) =>
    (await lookup(name, { all: true })).map(({ address }) => address);
  const senders = new Senders(resolve);
  const spool = new LogSpool({ bus, clock, log, metrics, busMaxBytes: config.bus.maxBytes });
  const rate = { perSecond: linesPerSecond, burst: linesPerSecond * BURST_SECONDS };
  const receiver = new SyslogReceiver({ clock, log, metrics, senders, spool, ownLogins, rate });
  await using opening = new AsyncDisposableStack();
  const open = async <Port extends AsyncDisposable & { port: number }>(
    what: string,
    port: number,
    listening: Promise<Port>,
  ) => {
    try {
      return opening.use(await listening).port;
    } catch (error) {
      throw new Error(
        `Cannot take syslog on ${what} port ${port} of ${host}: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
    }
  };
  const base = { host, receiver, log, metrics };
  const ports = {
    ...(udpPort !== null &&
      { udp: await open("UDP", udpPort, listenUdp({ ...base, port: udpPort })) }),
    ...(tcpPort !== null &&
      { tcp: await open("TCP", tcpPort, listenTcp({ ...base, port: tcpPort })) }),
  };
  const sockets = opening.move();
  const synced = Promise.withResolvers<void>();
  log.info("taking syslog", { host, ...ports });
  return {
    ports,
    sync(targets) {
      senders.sync(targets);
      synced.resolve();
    },
    async apply({ deviceId, change }) {
      const target = change === "removed" ? undefined : await getPollTarget(db, deviceId);
      await senders.apply(deviceId, target?.region === config.region ? target : undefined);
    },
    async run(signal) {
      const resolving = (async () => {
        await Promise.race([synced.promise, aborted(signal)]);
        while (!signal.aborted) {
          await senders.resolveNames();
          await clock.sleep(RESOLVE_EVERY_MS, signal);
        }
      })();
      await spool.run(signal);
      await sockets.disposeAsync();
      await resolving;
      await spool.flush({ tellDrops: true });
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(), { once: true })
  );
}
