import { join } from "node:path";
import { type Access, enrolFirstUser, type FirstUser } from "./first_user.ts";
import { freePort } from "./ports.ts";

/** By data directory: a product that starts again knows its user. */
const users = new Map<string, FirstUser>();

const ROOT = new URL("../../", import.meta.url).pathname;

export interface ProductOptions {
  /** Kept between two starts: what a restart finds again. */
  dataDir: string;
  env?: Record<string, string>;
  args?: string[];
  /** Name of a permission set of deno.json; without it everything is allowed. */
  permissions?: string;
  /** The log line that says it is up, beside listening; a poller alone does not listen. */
  upAt?: string;
  /** Leaves the setup to the test: see {@linkcode Product.setupToken}. */
  keepSetup?: boolean;
}

/** The product as a process of its own, started the way users start it. */
export interface Product extends AsyncDisposable {
  readonly url: string;
  readonly metricsUrl: string;
  /** Set up at its first start, if it has the api role; the same after a restart. */
  readonly user: FirstUser;
  readonly access: Access;
  /** Of the link that the first start printed, where the test sets it up itself. */
  readonly setupToken: string | undefined;
  /** Everything it logged so far. */
  readonly log: () => string;
  /** SIGKILL: no chance to clean up. */
  kill(): Promise<void>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number>;
}

/** Starts `serve` and answers when it listens. */
export async function startProduct(
  { dataDir, env = {}, args = [], permissions, upAt = "ready", keepSetup }: ProductOptions,
): Promise<Product> {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", permissions ? `-P=${permissions}` : "-A", "--quiet", "main.ts"],
      ...["serve", `--data-dir=${dataDir}`],
      ...[`--port=${port}`, `--metrics-port=${metricsPort}`, ...args],
    ],
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const listening = Promise.withResolvers<void>();
  let log = "";
  let said = "";
  // Two pipes: the log may be read before the link that was printed first.
  const isSaid = () => !log.includes("nobody can sign in yet") || /\/enrol#[\w-]+\s/.test(said);
  const isUp = () =>
    isSaid() &&
    log.includes(`"message":"${upAt}"`) &&
    (upAt !== "ready" || log.includes(`"message":"listening"`));
  const hearing = (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (isUp()) listening.resolve();
    }
  })();
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      log += text;
      if (isUp()) listening.resolve();
    }
    listening.reject(new Error(`the product ended before it listened:\n${log}`));
  })();
  await listening.promise;
  const end = async (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch { /* it has ended */ }
    const { code } = await child.status;
    await Promise.all([reading.catch(() => {}), hearing]);
    return code;
  };
  const url = `http://127.0.0.1:${port}`;
  const token = /\/enrol#([\w-]+)/.exec(said)?.[1];
  if (token && !keepSetup) users.set(dataDir, await enrolFirstUser(url, token));
  const user = users.get(dataDir) ?? { headers: {}, cookies: [] };
  return {
    url,
    user,
    access: { url, headers: user.headers },
    setupToken: token,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    log: () => log,
    kill: async () => void await end("SIGKILL"),
    stop: () => end("SIGTERM"),
    [Symbol.asyncDispose]: async () => void await end("SIGTERM"),
  };
}

/** A data directory that the embedded database may use, removed afterwards. */
export async function temporaryDataDir(): Promise<AsyncDisposable & { path: string }> {
  const dir = await Deno.makeTempDir({ prefix: "tod-flow-", dir: "/tmp" });
  await Deno.chmod(dir, 0o755);
  return {
    path: join(dir, "data"),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

interface LiveCells {
  id: string;
  status: string;
  sampledAt: string | null;
}

/**
 * Follows the product's own event stream until `isDone` says so: an event, never a sleep. Rejects after
 * `timeoutMs`.
 */
export async function followUntil(
  { url, headers }: Access,
  isDone: (cells: Map<string, LiveCells>) => boolean,
  timeoutMs: number,
): Promise<void> {
  const abort = AbortSignal.timeout(timeoutMs);
  const response = await fetch(`${url}/api/events/stream`, { headers, signal: abort });
  const cells = new Map<string, LiveCells>();
  const list = await fetch(`${url}/api/devices?limit=500`, { headers })
    .then((answer) => answer.json());
  for (const device of list.items) cells.set(device.id, device);
  let buffered = "";
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  try {
    while (!isDone(cells)) {
      const { value, done } = await reader.read();
      if (done) throw new Error("the stream ended");
      buffered += value;
      const messages = buffered.split("\n\n");
      buffered = messages.pop()!;
      for (const message of messages) {
        const data = /^data: (.*)$/m.exec(message)?.[1];
        if (!message.includes("event: batch") || !data) continue;
        for (const device of JSON.parse(data).devices) cells.set(device.id, device);
      }
    }
  } finally {
    await reader.cancel();
  }
}

/** Adds a simulated router through the API. Answers the device's id. */
export async function addRouter(
  { url, headers }: Access,
  router: { address: string; port: number; username: string; password: string },
): Promise<string> {
  const { address, port, username, password } = router;
  const response = await fetch(`${url}/api/devices`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ address, port, username, password, tlsMode: "plain" }),
  });
  const body = await response.json();
  if (response.status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}
