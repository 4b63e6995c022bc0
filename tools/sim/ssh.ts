import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import ssh2 from "ssh2";
import type { Connection, ServerChannel } from "ssh2";
import type { Account } from "./accounts.ts";
import type { Actor } from "./menu.ts";
import { PowerGone } from "./moments.ts";
import type { ActiveSession, Peer, SimRouter } from "./router.ts";
import { scriptTask } from "./script/start.ts";
import { serveFiles } from "./sftp.ts";
import { run } from "./tasks.ts";
import { toBytes } from "./text.ts";
import { Trap } from "./trap.ts";

const { Server, utils } = ssh2;
let sharedKey: string | undefined;

/** A host key; routers share one unless they have their own. */
export function hostKey(isOwn = false): string {
  if (isOwn) return utils.generateKeyPairSync("ed25519").private;
  return sharedKey ??= utils.generateKeyPairSync("ed25519").private;
}

/** The SSH service of one router: password login, commands on an exec channel, files by SFTP. */
export class SshService implements AsyncDisposable {
  readonly #router: SimRouter;
  readonly #server: InstanceType<typeof Server>;
  readonly #connections = new Set<Connection>();

  constructor(router: SimRouter, key: string) {
    this.#router = router;
    this.#server = new Server({ hostKeys: [key], ident: "ROSSSH" }, (connection, info) => {
      this.#accept(connection, info.ip);
    });
  }

  /** @returns the port it listens on */
  listen(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, address, () => {
        const bound = this.#server.address();
        resolve(typeof bound === "object" && bound ? bound.port : port);
      });
    });
  }

  #accept(connection: Connection, address: string): void {
    const router = this.#router;
    this.#connections.add(connection);
    let session: ActiveSession | undefined;
    const destroy = () => (connection as unknown as { _sock?: Socket })._sock?.destroy();
    const peer: Peer = { die: destroy, cut: destroy, close: destroy };
    router.peers.add(peer);
    connection.on("close", () => {
      this.#connections.delete(connection);
      router.peers.delete(peer);
      if (session) router.logOut(session);
    });
    connection.on("error", () => {}); // a client that hangs up is its business
    (connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
    connection.on("authentication", (context) => {
      if (context.method !== "password") return context.reject(["password"]);
      const account = this.#allowed(context.username, context.password);
      if (!account) {
        router.refuseLogin(context.username, address);
        return context.reject(["password"]);
      }
      session = router.logIn(account, address, "ssh");
      context.accept();
    });
    connection.on("session", (accept) => {
      const channels = accept();
      const actor = (): Actor => ({
        name: session!.user.name,
        policies: session!.user.policies,
        holder: session,
        hangUp: () => connection.end(),
      });
      channels.on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        channel.on("error", () => {});
        if (router.fault("ssh-hang")) return;
        router.counts.commands++;
        this.#run(channel, toBytes(command), actor());
      });
      channels.on("sftp", (acceptSftp, reject) => {
        const isAllowed = session!.user.policies.has("ftp") && !router.fault("sftp-refused");
        if (!isAllowed) return reject?.();
        serveFiles(router, acceptSftp());
      });
    });
  }

  #allowed(name: string, password: string): Account | undefined {
    const account = this.#router.account(name);
    const isRight = account?.password === password && account.policies.has("ssh") &&
      !this.#router.fault("wrong-password");
    return isRight ? account : undefined;
  }

  /** What is typed is a script; an error ends it, and is what it says last. */
  #run(channel: ServerChannel, script: string, actor: Actor): void {
    const end = (output: string, isBad: boolean) => {
      const bytes = Buffer.from(output, "latin1");
      const cut = this.#router.fault("export-cut");
      channel.write(cut ? bytes.subarray(0, cut.bytes) : bytes, () => {
        channel.exit(isBad ? 1 : 0);
        channel.end();
      });
    };
    const failed = (error: unknown, said = "") => {
      if (error instanceof PowerGone) return;
      if (!(error instanceof Trap)) throw error;
      end(`${said}${error.message}\r\n`, true);
    };
    try {
      run(this.#router, scriptTask(this.#router, script, actor), (error, said = "") => {
        if (error === undefined) end(said, false);
        else failed(error);
      });
    } catch (error) {
      failed(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) {
      const { _sock } = connection as unknown as { _sock?: Socket };
      _sock?.destroy();
    }
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
