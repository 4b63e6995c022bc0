import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import ssh2 from "ssh2";
import type { Connection, ServerChannel } from "ssh2";
import { exportText } from "./export.ts";
import type { RouterUser, SimRouter } from "./router.ts";
import { toBytes } from "./text.ts";

const { Server, utils } = ssh2;
let sharedKey: string | undefined;

/** A host key; routers share one unless they have their own. */
export function hostKey(isOwn = false): string {
  if (isOwn) return utils.generateKeyPairSync("ed25519").private;
  return sharedKey ??= utils.generateKeyPairSync("ed25519").private;
}

/** The SSH service of one router: password login, commands on an exec channel. */
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
    this.#connections.add(connection);
    connection.on("close", () => this.#connections.delete(connection));
    connection.on("error", () => {}); // a client that hangs up is its business
    (connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
    let user: RouterUser | undefined;
    connection.on("authentication", (context) => {
      if (context.method !== "password") return context.reject(["password"]);
      const found = this.#router.spec.users.find(({ name }) => name === context.username);
      const isRight = found?.password === context.password &&
        !this.#router.fault("wrong-password");
      if (!isRight) {
        this.#router.refuseLogin(context.username, address);
        return context.reject(["password"]);
      }
      user = found;
      this.#router.counts.logins++;
      context.accept();
    });
    connection.on("session", (accept) => {
      const session = accept();
      session.on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        channel.on("error", () => {});
        if (this.#router.fault("ssh-hang")) return;
        this.#router.counts.commands++;
        this.#run(channel, command, user!);
      });
    });
  }

  #run(channel: ServerChannel, script: string, user: RouterUser): void {
    let output = "";
    let isBad = false;
    for (const command of script.split(";").map((part) => part.trim()).filter(Boolean)) {
      const answer = this.#answer(command, user);
      output += answer.text;
      if (answer.isBad) {
        isBad = true;
        break;
      }
    }
    const bytes = Buffer.from(output, "latin1");
    const cut = this.#router.fault("export-cut");
    channel.write(cut ? bytes.subarray(0, cut.bytes) : bytes, () => {
      channel.exit(isBad ? 1 : 0);
      channel.end();
    });
  }

  #answer(command: string, user: RouterUser): { text: string; isBad?: boolean } {
    const [verb, ...flags] = command.split(/\s+/);
    if (verb === ":put") {
      return { text: `${toBytes(flags.join(" ").replaceAll('"', ""))}\r\n` };
    }
    if (verb !== "/export") return bad(`bad command name ${verb} (line 1 column 1)`);
    const isSix = this.#router.version.major === 6;
    const known = ["terse", "compact", "verbose", "hide-sensitive"];
    if (!isSix) known.push("show-sensitive");
    const unknown = flags.find((flag) => !known.includes(flag));
    if (unknown) return bad(`expected end of command (line 1 column ${command.indexOf(unknown)})`);
    if (user.group === "read" && flags.includes("show-sensitive")) {
      return bad("not enough permissions (9)");
    }
    const hasSecrets = flags.includes("show-sensitive")
      ? true
      : flags.includes("hide-sensitive")
      ? false
      : undefined;
    return { text: exportText(this.#router, { isTerse: flags.includes("terse"), hasSecrets }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) {
      const { _sock } = connection as unknown as { _sock?: Socket };
      _sock?.destroy();
    }
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

const bad = (message: string) => ({ text: `${message}\r\n`, isBad: true });
