import { join } from "node:path";
import postgres from "postgres";
import { messageOf } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import { findPostgres, stagePostgres } from "./postgres_binaries.ts";
import {
  ADMIN,
  initCluster,
  lockDirectory,
  RUNTIME_ROLES,
  serverAccount,
  stopOrphan,
  writeAccessRules,
} from "./postgres_cluster.ts";
import { type ServerOptions, type ServerProcess, spawnServer } from "./postgres_process.ts";

export { ADMIN };
export const DATABASE = "tod";
/** PostgreSQL refuses longer socket paths (sockaddr_un holds 108 bytes). */
const MAX_SOCKET_PATH = 107;
/** Crash recovery may take this long, and so may the last children of a killed server. */
const READY_MS = 60_000;

export interface EmbeddedOptions {
  /** Of the database alone: as root it is given to another user. */
  dataDir: string;
  log: Logger;
  /** Also listens on 127.0.0.1 with this password for every role: for tests of the TCP path. */
  tcp?: { port: number; password: string };
  /** Server settings that replace the defaults. */
  settings?: Record<string, string>;
}

export interface EmbeddedPostgres {
  readonly pid: number;
  readonly socketPath: string;
  /** Resolves when the server ends, however it ends. */
  readonly exited: Promise<void>;
  /** Fast shutdown: clients are cut off, everything committed is kept. Twice does no harm. */
  stop(): Promise<void>;
}

/**
 * Starts the private PostgreSQL of one data directory and answers when it takes connections.
 *
 * One product instance a data directory (flock, which ends with the process). A server that outlived
 * its product is stopped first. A crash at any moment of a first start leaves nothing half made.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, tcp, settings = {} } = options;
  const port = tcp?.port ?? 5432;
  const socketPath = join(dataDir, `.s.PGSQL.${port}`);
  const length = new TextEncoder().encode(socketPath).length;
  if (length > MAX_SOCKET_PATH) {
    throw new Error(
      `Cannot start the embedded database as its socket path must be at most ${MAX_SOCKET_PATH} ` +
        `bytes: current value is ${length} bytes, ${socketPath}; choose a shorter TOD_DATA_DIR`,
    );
  }
  const shipped = await findPostgres();
  await Deno.mkdir(dataDir, { recursive: true });
  const lock = await lockDirectory(dataDir);
  try {
    const home = await stagePostgres(shipped, dataDir);
    const account = await serverAccount(dataDir, home);
    await stopOrphan(dataDir, log);
    await initCluster(home, dataDir, join(dataDir, "pgdata"), account);
    await writeAccessRules(join(dataDir, "pgdata"), account, tcp !== undefined);
    const server = await startServer(
      { home, dataDir, account, port, listenTcp: tcp !== undefined, settings, log },
      socketPath,
    );
    try {
      await ensureRoles(socketPath, tcp?.password);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return {
      pid: server.pid,
      socketPath,
      exited: server.exited,
      stop: async () => {
        await server.stop();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

async function startServer(options: ServerOptions, socketPath: string): Promise<ServerProcess> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const server = spawnServer(options);
    const reason = await ready(server, socketPath, deadline);
    if (reason === undefined) return server;
    await server.stop();
    // After a kill of the postmaster alone its children end by themselves, when they are idle.
    const isLate = /shared memory block .* still in use|lock file .* already exists/.test(reason);
    if (!isLate || Date.now() > deadline) {
      throw new Error(`Cannot start the embedded database: ${reason}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Answers `undefined` when it takes connections, else why it does not. */
async function ready(
  server: ServerProcess,
  socketPath: string,
  deadline: number,
): Promise<string | undefined> {
  for (;;) {
    if (server.isDead) return await server.lastWords() || "the server ended without a word";
    const sql = connect(socketPath);
    try {
      await sql`select 1`;
      return undefined;
    } catch (error) {
      if (Date.now() > deadline) return `${messageOf(error)}; ${await server.lastWords()}`;
      await new Promise((resolve) => setTimeout(resolve, 15));
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

function connect(socketPath: string) {
  return postgres({
    path: socketPath,
    user: ADMIN,
    database: "postgres",
    max: 1,
    connect_timeout: 5,
    fetch_types: false,
    onnotice: () => {},
  });
}

async function ensureRoles(socketPath: string, password: string | undefined): Promise<void> {
  const sql = connect(socketPath);
  try {
    for (const role of RUNTIME_ROLES) {
      const [found] = await sql`select from pg_roles where rolname = ${role}`;
      if (!found) await sql`create role ${sql(role)} login nosuperuser nobypassrls noinherit`;
    }
    if (password !== undefined) {
      for (const role of [ADMIN, ...RUNTIME_ROLES]) {
        await sql.unsafe(`alter role ${role} password '${password.replaceAll("'", "''")}'`);
      }
    }
    const [database] = await sql`select from pg_database where datname = ${DATABASE}`;
    if (!database) await sql`create database ${sql(DATABASE)}`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
