import { connect, type Socket } from "node:net";

/**
 * An `openssl s_server` in front of a plain test router, for the TLS that Deno cannot serve itself.
 * It carries one connection at a time to `behind`.
 */
export class OpensslServer implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #pumps: Promise<unknown>;
  readonly #router: Socket;

  static async start(behind: number, args: readonly string[]): Promise<OpensslServer> {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const server = new OpensslServer(port, behind, args);
    await listening(port);
    return server;
  }

  private constructor(readonly port: number, behind: number, args: readonly string[]) {
    const child = this.#child = new Deno.Command("openssl", {
      args: ["s_server", "-accept", `127.0.0.1:${port}`, "-quiet", ...args],
      env: { OPENSSL_CONF: "/dev/null" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const router = this.#router = connect({ host: "127.0.0.1", port: behind });
    router.on("error", () => {});
    const stdin = child.stdin.getWriter();
    router.on("data", (bytes: Uint8Array) => void stdin.write(bytes).catch(() => {}));
    router.on("close", () => void stdin.close().catch(() => {}));
    this.#pumps = (async () => {
      for await (const bytes of child.stdout) router.write(bytes);
    })();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#pumps;
    const gone = new Promise((resolve) => this.#router.once("close", resolve));
    this.#router.destroy();
    await gone;
  }
}

/** Until something listens. The server takes the probe for a client that left, and goes on. */
async function listening(port: number): Promise<void> {
  for (;;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    }
  }
}
