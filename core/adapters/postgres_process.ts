import { join } from "node:path";
import type { Logger } from "@/core/log.ts";
import { type Account, identity } from "./postgres_cluster.ts";

const FAST_SHUTDOWN_MS = 15_000;

export interface ServerOptions {
  /** Folder with `bin`, `lib` and `share`. */
  home: string;
  /** Holds the sockets, and `pgdata` below it. */
  dataDir: string;
  account: Account;
  port: number;
  /** Listens on 127.0.0.1 too; otherwise on the unix socket alone. */
  listenTcp: boolean;
  settings: Readonly<Record<string, string>>;
  log: Logger;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the postmaster ends, however it ends. */
  readonly exited: Promise<void>;
  readonly isDead: boolean;
  /** The end of what it said: the reason, when it did not start. Waits for the last line. */
  lastWords(): Promise<string>;
  /** Fast shutdown (clients cut off, everything committed kept), after 15 s an immediate one. */
  stop(): Promise<void>;
}

/** Settings go as `-c` flags: a configuration file could be half written at a power loss. */
export function spawnServer(options: ServerOptions): ServerProcess {
  const { home, dataDir, account, port, listenTcp, settings, log } = options;
  const quarter = Math.floor(Deno.systemMemoryInfo().total / 4 / 2 ** 20);
  const values: Record<string, string> = {
    listen_addresses: listenTcp ? "127.0.0.1" : "",
    unix_socket_permissions: "0700",
    max_connections: "60",
    shared_buffers: `${Math.min(Math.max(quarter, 64), 1024)}MB`,
    max_wal_size: "2GB",
    wal_compression: "on",
    checkpoint_completion_target: "0.9",
    timezone: "UTC",
    log_timezone: "UTC",
    logging_collector: "off",
    ...settings,
  };
  const process = new Deno.Command(join(home, "bin", "postgres"), {
    args: [
      ...["-D", join(dataDir, "pgdata"), "-k", dataDir, "-p", String(port)],
      ...Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    ...identity(account),
    cwd: dataDir,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    detached: true, // Ctrl-C in the terminal is for the product, which stops the server last
  }).spawn();

  let tail = "";
  const reading = (async () => {
    for await (const text of process.stderr.pipeThrough(new TextDecoderStream())) {
      tail = (tail + text).slice(-4_000);
      for (const line of text.split("\n")) {
        if (/\bPANIC\b/.test(line)) log.error("database server", { line });
        else if (/\b(FATAL|ERROR|WARNING)\b/.test(line)) log.debug("database server", { line });
      }
    }
  })().catch(() => {});
  let isDead = false;
  const exited = process.status.then(() => void (isDead = true));
  const kill = (signal: Deno.Signal) => {
    try {
      process.kill(signal);
    } catch { /* it ended meanwhile */ }
  };
  return {
    pid: process.pid,
    exited,
    get isDead() {
      return isDead;
    },
    async lastWords() {
      if (isDead) await reading;
      return tail.trim();
    },
    async stop() {
      if (!isDead) kill("SIGINT");
      const escalation = setTimeout(() => kill("SIGQUIT"), FAST_SHUTDOWN_MS);
      await exited;
      clearTimeout(escalation);
      await reading; // ends when the last child has closed its end
    },
  };
}
