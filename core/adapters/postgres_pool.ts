import { Socket } from "node:net";
import postgres from "postgres";

/** Where one login role connects: an URL, or the socket of the embedded server. */
export type Endpoint =
  | { url: string }
  | { socketPath: string; user: string; database: string };

export type Pool = postgres.Sql;

const STATEMENT_TIMEOUT_MS = 30_000;

export interface PoolOptions {
  max: number;
  /** Shown in pg_stat_activity. */
  name: string;
  /** 0: no limit, for migrations. */
  statementTimeoutMs?: number;
}

/** A pool of one login role. Over TCP without Nagle: it makes a small COPY 90 times slower. */
export function connectPool(endpoint: Endpoint, options: PoolOptions): Pool {
  const shared = {
    max: options.max,
    idle_timeout: 300,
    connect_timeout: 10,
    onnotice: () => {},
    connection: {
      application_name: `tod-${options.name}`,
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      // A transaction whose work never returns must not hold its locks for ever.
      idle_in_transaction_session_timeout: 60_000,
      TimeZone: "UTC",
    },
  };
  if ("socketPath" in endpoint) {
    const { socketPath, user, database } = endpoint;
    return postgres({ ...shared, path: socketPath, user, database });
  }
  const { url, host, port, ssl } = readUrl(endpoint.url);
  const socket = () =>
    new Promise<Socket>((resolve, reject) => {
      // host and port: the driver takes the name to verify in TLS from them.
      const tcp = Object.assign(new Socket(), { host, port });
      tcp.setNoDelay(true);
      tcp.setKeepAlive(true, 30_000);
      tcp.once("error", reject);
      tcp.connect(port, host, () => {
        tcp.off("error", reject);
        resolve(tcp);
      });
    });
  // The driver's types do not know the documented `socket` option.
  return postgres(url, { ...shared, ssl, socket } as postgres.Options<never>) as Pool;
}

/** What the connection needs of an URL. Errors never repeat it: it holds a password. */
function readUrl(text: string): {
  url: string;
  host: string;
  port: number;
  ssl: false | "prefer" | "require" | { rejectUnauthorized: true; ca?: string };
} {
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname) {
    throw new Error(
      "Cannot read a database URL as it must look like postgres://role:password@host:5432/database " +
        "(special characters of the password percent-encoded)",
    );
  }
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, "");
  const isLocal = /^(localhost|127\.[\d.]+|::1)$/.test(host);
  const mode = url.searchParams.get("sslmode") ?? (isLocal ? "disable" : "prefer");
  const rootCert = url.searchParams.get("sslrootcert");
  url.searchParams.delete("sslmode");
  url.searchParams.delete("sslrootcert");
  const strict = () => ({
    rejectUnauthorized: true as const,
    ...(rootCert && rootCert !== "system" && { ca: Deno.readTextFileSync(rootCert) }),
  });
  const modes: Record<string, () => ReturnType<typeof readUrl>["ssl"]> = {
    "disable": () => false,
    "allow": () => "prefer",
    "prefer": () => "prefer",
    "require": () => "require",
    "verify-ca": strict,
    "verify-full": strict,
  };
  const ssl = modes[mode];
  if (!ssl) {
    throw new Error(
      `Cannot use sslmode in a database URL as it must be one of ${
        Object.keys(modes).join(", ")
      }: ` +
        `current value is ${mode}`,
    );
  }
  return { url: url.href, host, port: Number(url.port) || 5432, ssl: ssl() };
}
