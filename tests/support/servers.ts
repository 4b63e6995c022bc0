import { join } from "node:path";
import { freePort } from "./ports.ts";

/** A real server of a test's own: free port, temporary directory, data kept over {@linkcode kill}. */
export interface TestServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Starts it again on the same port with the same data. Resolves when it answers. */
  start(): Promise<void>;
  /** `kill -9`: what it had not written is gone. */
  kill(): Promise<void>;
  /** Removes its data, as a lost disk would; only while it is not running. */
  wipe(): Promise<void>;
}

interface Program {
  command: string;
  package: string;
  scheme: string;
  args(port: number, dir: string): string[];
  /** Sent once connected, and what an able server says. */
  hello: { ask: string; answer: RegExp };
}

const REDIS: Program = {
  command: "redis-server",
  package: "redis-server",
  scheme: "redis",
  args: (port, dir) => [
    ...["--bind", "127.0.0.1", "--port", String(port), "--dir", dir, "--save", ""],
    ...["--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"],
  ],
  hello: { ask: "PING\r\n", answer: /^\+PONG/ },
};

const NATS: Program = {
  command: "nats-server",
  package: "nats-server",
  scheme: "nats",
  args: (port, dir) => ["-js", "-a", "127.0.0.1", "-p", String(port), "-sd", dir],
  hello: { ask: "", answer: /^INFO .*"jetstream":true/ },
};

export const startRedis = (): Promise<TestServerProcess> => start(REDIS);

/** With JetStream. */
export const startNats = (): Promise<TestServerProcess> => start(NATS);

const START_MS = 20_000;

async function start(program: Program): Promise<TestServerProcess> {
  const [dir, port] = [
    await Deno.makeTempDir({ prefix: `tod-test-${program.scheme}-` }),
    await freePort(),
  ];
  let child: Deno.ChildProcess | undefined;
  const server: TestServerProcess = {
    url: `${program.scheme}://127.0.0.1:${port}`,
    port,
    async start() {
      child = spawn(program, port, dir);
      await answers(program, port, child);
    },
    async kill() {
      child?.kill("SIGKILL");
      await child?.status;
      child = undefined;
    },
    async wipe() {
      await Deno.remove(dir, { recursive: true });
      await Deno.mkdir(dir);
    },
    async [Symbol.asyncDispose]() {
      await server.kill();
      await Deno.remove(dir, { recursive: true });
    },
  };
  try {
    await server.start();
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function spawn(program: Program, port: number, dir: string): Deno.ChildProcess {
  // Debian puts servers where a service account's PATH does not look.
  const path = [Deno.env.get("PATH") ?? "", "/usr/sbin", "/usr/local/sbin"].join(":");
  const log = join(dir, "server.log");
  try {
    // Through sh, so that its log is a file: nobody has to read a pipe, and a failure can be told.
    return new Deno.Command("/bin/sh", {
      args: ["-c", 'exec "$@" >"$0" 2>&1', log, program.command, ...program.args(port, dir)],
      env: { PATH: path },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  } catch (cause) {
    throw new Error(`Cannot start ${program.command}`, { cause });
  }
}

async function answers(program: Program, port: number, child: Deno.ChildProcess): Promise<void> {
  let hasEnded: Deno.CommandStatus | undefined;
  void child.status.then((status) => hasEnded = status);
  for (const deadline = Date.now() + START_MS; Date.now() < deadline;) {
    if (await isAble(program, port)) return;
    if (hasEnded) {
      const hint = hasEnded.code === 127
        ? ` as it is not installed. Run as root: apt-get install -y ${program.package}`
        : `: it ended with code ${hasEnded.code}`;
      throw new Error(`Cannot start ${program.command}${hint}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Cannot start ${program.command}: no answer on port ${port} in ${START_MS} ms`);
}

async function isAble({ hello }: Program, port: number): Promise<boolean> {
  try {
    using connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(new TextEncoder().encode(hello.ask));
    const buffer = new Uint8Array(4_096);
    const read = await connection.read(buffer) ?? 0;
    return hello.answer.test(new TextDecoder().decode(buffer.subarray(0, read)));
  } catch {
    return false; // refused or reset: it is still starting
  }
}
