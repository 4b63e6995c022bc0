import { dirname, join } from "node:path";
import type { Logger } from "@/core/log.ts";

/** Owner of the schema and superuser of the private server. Reached through the socket only. */
export const ADMIN = "admin";
const INIT_PREFIX = "pgdata.";
export const RUNTIME_ROLES = ["app_user", "poller_user"] as const;

/** Who the server runs as, and who may log in through its socket. */
export interface Account {
  uid?: number;
  gid?: number;
  /** Names that peer authentication may see on the socket: the server's user and ours. */
  names: string[];
}

/** Held until closed or the process ends, however it ends. @throws naming the process that holds it */
export async function lockDirectory(dataDir: string): Promise<{ close(): void }> {
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

async function numericId(flag: "-u" | "-g", name: string): Promise<number> {
  const { stdout } = await new Deno.Command("id", { args: [flag, name], stderr: "null" }).output();
  return Number(new TextDecoder().decode(stdout));
}

/**
 * PostgreSQL refuses to run as root: it then runs as TOD_POSTGRES_USER (default nobody), who gets
 * this directory and nothing else.
 */
export async function serverAccount(dataDir: string, home: string): Promise<Account> {
  const own = Deno.uid() ?? 0;
  if (own !== 0) return { names: [await accountName(own)] };
  const name = Deno.env.get("TOD_POSTGRES_USER") ?? "nobody";
  const [uid, gid] = [await numericId("-u", name), await numericId("-g", name)];
  if (!uid || !gid) {
    throw new Error(
      `Cannot start the embedded database as TOD_POSTGRES_USER must be a user of this machine ` +
        `other than root: current value is ${name}`,
    );
  }
  const account = { uid, gid, names: [await accountName(0), name] };
  await Deno.chown(dataDir, uid, gid);
  // The product's own directory above stays root's; its user may pass through, not look around.
  const above = dirname(dataDir);
  const { mode, uid: owner } = await Deno.stat(above);
  if (owner === 0 && mode !== null && (mode & 0o011) !== 0o011) {
    await Deno.chmod(above, mode | 0o011);
  }
  if (!(await canRun(join(home, "bin", "postgres"), uid, gid))) {
    throw new Error(
      `Cannot start the embedded database as root gives it to the user ${name}, who cannot reach ` +
        `${dataDir}: run the product as a user of its own or choose a TOD_DATA_DIR like /var/lib/tod`,
    );
  }
  return account;
}

async function canRun(program: string, uid: number, gid: number): Promise<boolean> {
  try {
    const command = new Deno.Command(program, {
      args: ["--version"],
      uid,
      gid,
      stdout: "null",
      stderr: "null",
    });
    return (await command.output()).success;
  } catch {
    return false; // it cannot even be started
  }
}

async function readPid(cluster: string): Promise<number | undefined> {
  const text = await Deno.readTextFile(join(cluster, "postmaster.pid")).catch(() => "");
  const pid = Number(text.split("\n")[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

const commandOf = (pid: number | string) =>
  Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => undefined);

/** Our product was killed and its server lives on: we hold the lock, so it is nobody else's. */
export async function stopOrphan(dataDir: string, log: Logger): Promise<void> {
  const cluster = join(dataDir, "pgdata");
  const pid = await readPid(cluster);
  if (pid !== undefined) await stopPostmaster(pid, cluster, log);
  // An initdb that was cut off from its product would write into what the next one removes.
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    if ((await commandOf(name))?.includes(`${join(dataDir, INIT_PREFIX)}`)) {
      log.warn("stopping the database creation that an earlier instance left behind", {
        pid: Number(name),
      });
      kill(Number(name), "SIGKILL");
    }
  }
}

async function stopPostmaster(pid: number, cluster: string, log: Logger): Promise<void> {
  const command = await commandOf(pid);
  if (command?.includes(cluster)) {
    log.warn("stopping the database server that an earlier instance left behind", { pid });
    kill(pid, "SIGINT");
  } else if (command !== "") return; // another program has the number now; "" is a dying server
  // Until init has reaped it, the server would refuse to start over the old pid file.
  const began = performance.now();
  let escalated = false;
  while (await commandOf(pid) !== undefined) {
    const waited = performance.now() - began;
    if (waited > 30_000) {
      throw new Error(
        `Cannot start the embedded database as an earlier server (process ${pid}) does not end: ` +
          `end it, then start again`,
      );
    }
    if (waited > 15_000 && !escalated) {
      escalated = true;
      kill(pid, "SIGQUIT");
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch { /* it ended meanwhile */ }
}

/** Makes the cluster unless there is one. */
export async function initCluster(
  home: string,
  dataDir: string,
  cluster: string,
  account: Account,
): Promise<void> {
  if (await Deno.stat(join(cluster, "PG_VERSION")).then(() => true, () => false)) return;
  for await (const entry of Deno.readDir(dataDir)) {
    if (entry.name.startsWith(INIT_PREFIX)) await removeHalfMade(join(dataDir, entry.name));
  }
  // Made aside and renamed: a crash leaves a whole cluster or none.
  const temporary = join(dataDir, `${INIT_PREFIX}${crypto.randomUUID()}`);
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

/** Tries again: a process that was killed a moment ago may still add a file. */
async function removeHalfMade(path: string): Promise<void> {
  for (let tries = 0;; tries++) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** For Deno.Command: the user to run as, when it is not ours. */
export function identity({ uid, gid }: Account): { uid?: number; gid?: number } {
  return uid === undefined ? {} : { uid, gid: gid ?? uid };
}

/** initdb syncs its own writes only: a file changed after it came back as zeros after a power loss. */
function syncPath(path: string): void {
  const file = Deno.openSync(path);
  file.syncSync();
  file.close();
}

/** Peer authentication on the socket; on TCP, where it is on, passwords. */
export async function writeAccessRules(
  cluster: string,
  account: Account,
  tcp: boolean,
): Promise<void> {
  const hba = ["local all all peer map=product"];
  if (tcp) hba.push("host all all 127.0.0.1/32 scram-sha-256");
  const ident = account.names.flatMap((name) =>
    [ADMIN, ...RUNTIME_ROLES].map((role) => `product ${name} ${role}`)
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
