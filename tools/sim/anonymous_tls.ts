import { readFile } from "node:fs/promises";
import { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

/**
 * api-ssl of a router without a certificate: anonymous Diffie-Hellman, which Deno's TLS cannot
 * serve. An `openssl s_server` takes one connection, passes its bytes by stdin and stdout, ends,
 * and is started anew; so a router of this kind takes one TLS connection at a time.
 */
export class AnonymousTls implements AsyncDisposable {
  readonly port: number;
  readonly #address: string;
  readonly #onConnection: (stream: Duplex) => void;
  #child: Deno.ChildProcess | undefined;
  #isClosed = false;
  readonly #loop: Promise<void>;

  constructor(address: string, port: number, onConnection: (stream: Duplex) => void) {
    this.#address = address;
    this.port = port;
    this.#onConnection = onConnection;
    this.#loop = this.#serve();
  }

  /** Resolves when the port is open. */
  async ready(): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (!(await isListening(this.port))) {
      if (performance.now() > deadline) {
        throw new Error(`Cannot serve anonymous TLS: openssl did not open port ${this.port}`);
      }
      await delay(5);
    }
  }

  async #serve(): Promise<void> {
    while (!this.#isClosed) {
      // Without -quiet openssl obeys letters on its stdin, and router answers hold any byte.
      const child = this.#child = new Deno.Command("openssl", {
        args: [
          ..."s_server -quiet -nocert -tls1_2 -naccept 1 -cipher".split(" "),
          "ADH-AES256-GCM-SHA384:ADH-AES128-SHA:@SECLEVEL=0",
          "-accept",
          `${this.#address}:${this.port}`,
        ],
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const began = performance.now();
      await this.#pump(child);
      await child.status;
      // A port that is taken ends openssl at once: do not spin.
      if (!this.#isClosed && performance.now() - began < 20) await delay(100);
    }
  }

  /** Passes one connection through. The client speaks first, so its first byte announces it. */
  async #pump(child: Deno.ChildProcess): Promise<void> {
    const writer = child.stdin.getWriter();
    let stream: Duplex | undefined;
    for await (const chunk of child.stdout) {
      if (!stream) this.#onConnection(stream = pipe(writer, child));
      if (!stream.destroyed) stream.push(chunk);
    }
    if (stream && !stream.destroyed) stream.push(null);
    await writer.close().catch(() => {}); // the process is gone: nobody reads it any more
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    if (this.#child) kill(this.#child);
    await this.#loop;
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It ended by itself: the peer went first.
  }
}

function pipe(writer: WritableStreamDefaultWriter<Uint8Array>, child: Deno.ChildProcess): Duplex {
  return new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      writer.write(chunk).then(() => done(), done);
    },
    destroy(error, done) {
      kill(child);
      done(error);
    },
  });
}

/** Asked of the kernel: a trial connection would use up the one that openssl accepts. */
async function isListening(port: number): Promise<boolean> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const table = await readFile("/proc/net/tcp", "utf8");
  return table.split("\n").some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return local?.endsWith(wanted) === true && state === "0A";
  });
}
