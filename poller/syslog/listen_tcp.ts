import { createServer, type Socket } from "node:net";
import { BadFraming, SyslogFrames } from "@/core/wire/syslog/mod.ts";
import type { SyslogMetrics } from "./metrics.ts";
import type { ListenOptions } from "./listen_udp.ts";

export interface TcpOptions extends ListenOptions {
  metrics: SyslogMetrics;
  limits?: Partial<TcpLimits>;
}

export interface TcpLimits {
  connections: number;
  perAddress: number;
  /** A line must be whole so long after its first octet: half lines are not held for ever. */
  lineMs: number;
  /** A connection without anything for so long is closed; routers open another. */
  idleMs: number;
}

const LIMITS: TcpLimits = {
  connections: 512,
  perAddress: 8,
  lineMs: 20_000,
  idleMs: 3_600_000,
};

/** Takes lines from connections, bounded in number, each in time and memory. */
export async function listenTcp(options: TcpOptions): Promise<AsyncDisposable & { port: number }> {
  const { host, port, receiver, log, metrics } = options;
  const limits = { ...LIMITS, ...options.limits };
  /** In the order they were last heard of. */
  const open = new Map<Socket, string>();

  const accept = (socket: Socket) => {
    const address = socket.remoteAddress;
    socket.on("error", () => {}); // it closes next
    if (!address) return void socket.destroy();
    const own = [...open.values()].filter((one) => one === address).length;
    if (own >= limits.perAddress) {
      metrics.closed.inc({ reason: "per_address" });
      return void socket.destroy();
    }
    if (open.size >= limits.connections) {
      // Who has been silent longest goes: holding many connections keeps nobody out.
      metrics.closed.inc({ reason: "too_many" });
      const [oldest] = open.keys();
      oldest?.destroy();
      open.delete(oldest!);
    }
    open.set(socket, address);
    metrics.connections.set(open.size);
    const frames = new SyslogFrames();
    let late: ReturnType<typeof setTimeout> | undefined;
    const end = (reason: string) => {
      metrics.closed.inc({ reason });
      socket.destroy();
    };
    socket.setTimeout(limits.idleMs, () => end("too_slow"));
    socket.on("data", (chunk: Uint8Array) => {
      open.delete(socket);
      open.set(socket, address);
      let lines: Uint8Array[];
      try {
        lines = frames.push(chunk);
      } catch (error) {
        if (!(error instanceof BadFraming)) throw error;
        log.debug("a syslog connection was closed", { address, why: error.message });
        return end("bad_framing");
      }
      for (const line of lines) receiver.receive(line, address, "tcp");
      if (lines.length > 0 || frames.pending === 0) {
        clearTimeout(late);
        late = undefined;
      }
      if (frames.pending > 0) late ??= setTimeout(() => end("too_slow"), limits.lineMs);
    });
    socket.on("close", () => {
      clearTimeout(late);
      open.delete(socket);
      metrics.connections.set(open.size);
      const rest = frames.finish();
      if (rest) receiver.receive(rest, address, "tcp");
    });
  };

  const server = createServer({ allowHalfOpen: false }, accept);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", (error) => log.warn("the syslog server had an error", { error }));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open.keys()) socket.destroy();
      }),
  };
}
