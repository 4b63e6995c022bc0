import { join } from "node:path";
import postgres from "postgres";
import { messageOf } from "@/core/errors.ts";
import type { Logger } from "@/core/log.ts";
import { findPostgres, stagePostgres } from "./postgres_binaries.ts";

/** Owner of the schema and superuser of the private server. Reached through the socket only. */
export const ADMIN = "admin";
export const DATABASE = "tod";
const ROLES = ["app_user", "poller_user"] as const;
/** PostgreSQL refuses longer socket paths (sockaddr_un holds 108 bytes). */
const MAX_SOCKET_PATH = 107;
const NOBODY = 65_534;

export interface EmbeddedOptions {
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
  const { dataDir, log } = options;
  await Deno.mkdir(dataDir, { recursive: true });
  const socketPath = join(dataDir, ".s.PGSQL.5432");
  const port = options.tcp?.port ?? 5432;
  if (new TextEncoder().encode(socketPath).length > MAX_SOCKET_PATH) {
    throw new Error(
      `Cannot start the embedded database as its socket path must be at most ${MAX_SOCKET_PATH} ` +
        `bytes: choose a shorter data directory than ${dataDir}`,
    );
  }
  const lock = await lockDirectory(dataDir);
  try {
    const home = await stagePostgres(await findPostgres(), dataDir);
    const account = await serverAccount(dataDir, home);
    const cluster = join(dataDir, "pgdata");
    await stopOrphan(cluster, log);
    await initCluster(home, dataDir, cluster, account);
    await writeAccessRules(cluster, account, options.tcp !== undefined);
    const server = spawnServer(home, dataDir, cluster, account, port, options);
    try {
      const socket = join(dataDir, `.s.PGSQL.${port}`);
      await ready(server, socket);
      await ensureRoles(socket, options.tcp?.password);
      return {
        pid: server.pid,
        socketPath: socket,
        exited: server.exited,
        stop: async () => {
          await server.stop();
          lock.close();
        },
      };
    } catch (error) {
      await server.stop();
      throw error;
    }
  } catch (error) {
    lock.close();
    throw error;
  }
}

interface Account {
  uid?: number;
  gid?: number;
  /** Names that peer authentication may see on the socket: the server's user and ours. */
  names: string[];
}

async function lockDirectory(dataDir: string): Promise<{ close(): void }> {
  const path = join(dataDir, "tod.lock");
  const file = await Deno.open(path, { create: true, read: true, write: true });
  if (!(await file.tryLock(true))) {
    const holder = (await Deno.readTextFile(path)).trim();
    file.close();
    throw new Error(
      `Cannot use the data directory ${dataDir} as another instance holds it` +
        `${holder ? ` (process ${holder})` : ""}: stop that one or choose another TOD_DATA_DIR`,
    );
  }
  await file.truncate(0);
  await file.write(new TextEncoder().encode(String(Deno.pid)));
  let open = true;
  return {
    close: () => {
      if (open) file.close();
      open = false;
    },
  };
}

async function accountName(uid: number): Promise<string> {
  const { stdout } = await new Deno.Command("id", { args: ["-un", String(uid)] }).output();
  return new TextDecoder().decode(stdout).trim();
}

/** PostgreSQL refuses to run as root: it then runs as nobody, who gets the data directory. */
async function serverAccount(dataDir: string, home: string): Promise<Account> {
  const own = Deno.uid() ?? 0;
  if (own !== 0) return { names: [await accountName(own)] };
  const account = {
    uid: NOBODY,
    gid: NOBODY,
    names: [await accountName(0), await accountName(NOBODY)],
  };
  await Deno.chown(dataDir, NOBODY, NOBODY);
  const reachable = await new Deno.Command(join(home, "bin", "postgres"), {
    args: ["--version"],
    uid: NOBODY,
    gid: NOBODY,
    stdout: "null",
    stderr: "null",
  }).output().then(({ success }) => success, () => false);
  if (!reachable) {
    throw new Error(
      `Cannot start the embedded database as root gives it to the user nobody, who cannot reach ` +
        `${dataDir}: run the product as a user of its own or choose a TOD_DATA_DIR like /var/lib/tod`,
    );
  }
  return account;
}

async function readPid(cluster: string): Promise<number | undefined> {
  const text = await Deno.readTextFile(join(cluster, "postmaster.pid")).catch(() => "");
  const pid = Number(text.split("\n")[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** Our product was killed and its server lives on: we hold the lock, so it is nobody else's. */
async function stopOrphan(cluster: string, log: Logger): Promise<void> {
  const pid = await readPid(cluster);
  if (pid === undefined) return;
  const commandOf = () => Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => undefined);
  const command = await commandOf();
  if (command?.includes(cluster)) {
    log.warn("stopping the database server that an earlier instance left behind", { pid });
    Deno.kill(pid, "SIGINT");
  } else if (command !== "") return; // another program has the number now; "" is a dying server
  // Until init has reaped it, the server would refuse to start over the old pid file.
  for (let tries = 0; tries < 600 && (await commandOf()) !== undefined; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function initCluster(
  home: string,
  dataDir: string,
  cluster: string,
  account: Account,
): Promise<void> {
  if (await Deno.stat(join(cluster, "PG_VERSION")).then(() => true, () => false)) return;
  for await (const entry of Deno.readDir(dataDir)) {
    if (entry.name.startsWith("pgdata.")) {
      await Deno.remove(join(dataDir, entry.name), { recursive: true });
    }
  }
  // Made aside and renamed: a crash leaves a whole cluster or none.
  const temporary = join(dataDir, `pgdata.${crypto.randomUUID()}`);
  const { success, stdout, stderr } = await new Deno.Command(join(home, "bin", "initdb"), {
    args: [
      ...["-D", temporary, "-U", ADMIN, "-A", "peer", "-E", "UTF8", "--data-checksums"],
      ...["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"],
    ],
    ...identity(account),
    cwd: dataDir,
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (!success) {
    const decoder = new TextDecoder();
    throw new Error(
      `Cannot create the embedded database in ${dataDir}: ` +
        `${decoder.decode(stderr)}${decoder.decode(stdout)}`.trim(),
    );
  }
  await Deno.rename(temporary, cluster);
  syncPath(dataDir);
}

function identity({ uid, gid }: Account): { uid?: number; gid?: number } {
  return uid === undefined ? {} : { uid, gid: gid ?? uid };
}

/** initdb syncs its own writes only: a file changed after it came back as zeros after a power loss. */
function syncPath(path: string): void {
  const file = Deno.openSync(path);
  file.syncSync();
  file.close();
}

async function writeAccessRules(cluster: string, account: Account, tcp: boolean): Promise<void> {
  const hba = ["local all all peer map=product"];
  if (tcp) hba.push("host all all 127.0.0.1/32 scram-sha-256");
  const ident = account.names.flatMap((name) =>
    [ADMIN, ...ROLES].map((role) => `product ${name} ${role}`)
  );
  for (const [name, lines] of [["pg_hba.conf", hba], ["pg_ident.conf", ident]] as const) {
    const path = join(cluster, name);
    await Deno.writeTextFile(`${path}.new`, lines.join("\n") + "\n", { mode: 0o600 });
    if (account.uid !== undefined) await Deno.chown(`${path}.new`, account.uid, account.gid ?? 0);
    syncPath(`${path}.new`);
    await Deno.rename(`${path}.new`, path);
  }
  syncPath(cluster);
  syncPath(join(cluster, "postgresql.conf"));
}

function spawnServer(
  home: string,
  dataDir: string,
  cluster: string,
  account: Account,
  port: number,
  { log, tcp, settings }: EmbeddedOptions,
) {
  const quarter = Math.floor(Deno.systemMemoryInfo().total / 4 / 2 ** 20);
  const values: Record<string, string> = {
    listen_addresses: tcp ? "127.0.0.1" : "",
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
      ...["-D", cluster, "-k", dataDir, "-p", String(port)],
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
        if (/\b(PANIC|FATAL|ERROR)\b/.test(line)) log.debug("database server", { line });
      }
    }
  })().catch(() => {});
  let dead = false;
  const exited = process.status.then(async () => {
    dead = true;
    await reading;
  });
  return {
    pid: process.pid,
    exited,
    isDead: () => dead,
    lastWords: () => tail.trim(),
    async stop() {
      if (dead) return await exited;
      const kill = (signal: Deno.Signal) => {
        try {
          process.kill(signal);
        } catch { /* it ended meanwhile */ }
      };
      kill("SIGINT");
      const escalation = setTimeout(() => kill("SIGQUIT"), 15_000);
      await exited;
      clearTimeout(escalation);
    },
  };
}

async function ready(server: ReturnType<typeof spawnServer>, socketPath: string): Promise<void> {
  const deadline = Date.now() + 60_000; // crash recovery may take this long
  for (;;) {
    if (server.isDead()) {
      await server.exited;
      throw new Error(`Cannot start the embedded database: ${server.lastWords()}`);
    }
    const sql = connect(socketPath, "postgres");
    try {
      await sql`select 1`;
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(
          `Cannot reach the embedded database: ${messageOf(error)}; ${server.lastWords()}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 15));
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

function connect(socketPath: string, database: string) {
  return postgres({
    path: socketPath,
    user: ADMIN,
    database,
    max: 1,
    connect_timeout: 5,
    fetch_types: false,
    onnotice: () => {},
  });
}

async function ensureRoles(socketPath: string, password: string | undefined): Promise<void> {
  const sql = connect(socketPath, "postgres");
  try {
    for (const role of ROLES) {
      const [found] = await sql`select from pg_roles where rolname = ${role}`;
      if (!found) await sql`create role ${sql(role)} login nosuperuser nobypassrls noinherit`;
    }
    if (password !== undefined) {
      for (const role of [ADMIN, ...ROLES]) {
        await sql.unsafe(`alter role ${role} password '${password.replaceAll("'", "''")}'`);
      }
    }
    const [database] = await sql`select from pg_database where datname = ${DATABASE}`;
    if (!database) await sql`create database ${sql(DATABASE)}`;
  } finally {
    await sql.end({ timeout: 1 });
  }
}
