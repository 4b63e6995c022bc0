import type { ByteLink, PeerCertificate } from "./byte_link.ts";
import { ConnectFailed, TlsFailed } from "./errors.ts";
import { certificateOf } from "./fingerprint.ts";
import { LEGACY_CIPHERS } from "./openssl_library.ts";
import { HandshakeReader } from "./s_client_messages.ts";
import { type LinkOptions, peerOf } from "./tls_options.ts";

/**
 * TLS by an `openssl s_client` of its own a connection, used as a byte pipe: where libssl may not
 * be called. About 8 MB and 100 ms a router: for dozens of them.
 *
 * The certificate and the end of the handshake are read from its message dump on stderr, since
 * `-quiet`, without which data would be mixed with remarks, prints neither.
 */
export class SClientLink implements ByteLink {
  certificate: PeerCertificate | null = null;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #stdout: ReadableStreamDefaultReader<Uint8Array>;
  #isClosed = false;
  #flow: PromiseWithResolvers<void> | undefined;

  /** Throws {@linkcode TlsFailed}, {@linkcode ConnectFailed}, or the signal's reason. */
  static async open(options: LinkOptions): Promise<SClientLink> {
    const link = new SClientLink(options);
    const failed = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      failed.reject(
        new ConnectFailed(
          `Cannot connect to ${peerOf(options)}: no TLS within ${options.connectTimeoutMs} ms`,
        ),
      );
    }, options.connectTimeoutMs);
    const onAbort = () => failed.reject(options.signal!.reason);
    options.signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await Promise.race([link.#shake(options), failed.promise]);
      return link;
    } catch (error) {
      link.close();
      throw error;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
    }
  }

  private constructor(options: LinkOptions) {
    // deno-fmt-ignore: one option a line says less
    const args = ["s_client", "-connect", peerOf(options), "-quiet", "-nocommands", "-no_tls1_3",
      "-min_protocol", "TLSv1", "-cipher", LEGACY_CIPHERS, "-legacy_server_connect",
      "-msg", "-msgfile", "/dev/stderr"];
    try {
      this.#child = new Deno.Command("openssl", {
        args,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
        clearEnv: true,
        // The system's configuration may forbid what this mode exists for.
        env: { PATH: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin", OPENSSL_CONF: "/dev/null" },
      }).spawn();
    } catch (error) {
      throw new TlsFailed(
        `Cannot open TLS to ${
          peerOf(options)
        }: mode "legacy" needs libssl 3 with --allow-ffi, or ` +
          "the openssl program with --allow-run=openssl",
        { cause: error },
      );
    }
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdout = this.#child.stdout.getReader();
  }

  start(onBytes: (bytes: Uint8Array) => void, onClosed: (error: Error | undefined) => void): void {
    void (async () => {
      let failure: Error | undefined;
      try {
        for (;;) {
          await this.#flow?.promise;
          const { value, done } = await this.#stdout.read();
          if (done || this.#isClosed) break;
          onBytes(value);
        }
      } catch (error) {
        failure = error as Error;
      }
      if (this.#isClosed) return;
      this.close();
      onClosed(failure);
    })();
  }

  write(bytes: Uint8Array): void {
    // A broken pipe shows as the end of stdout, too.
    if (!this.#isClosed) this.#stdin.write(bytes).catch(() => {});
  }

  pause(): void {
    this.#flow ??= Promise.withResolvers();
  }

  resume(): void {
    this.#flow?.resolve();
    this.#flow = undefined;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.resume();
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It had ended by itself.
    }
    this.#stdin.abort().catch(() => {});
    this.#stdout.cancel().catch(() => {});
  }

  /** Resolves when the handshake is complete; goes on draining stderr, which would block else. */
  #shake(options: LinkOptions): Promise<void> {
    const shaken = Promise.withResolvers<void>();
    void (async () => {
      const handshake = new HandshakeReader();
      for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
        if (handshake.news.isComplete) continue;
        handshake.push(text);
        if (!handshake.news.isComplete) continue;
        const der = handshake.news.certificate;
        this.certificate = der ? certificateOf(der) : null;
        shaken.resolve();
      }
      const { complaints } = handshake.news;
      await this.#child.status;
      shaken.reject(
        complaints.some((line) => line.startsWith("connect:") || line.includes("connect error"))
          ? new ConnectFailed(`Cannot connect to ${peerOf(options)}: nothing answers there`)
          : new TlsFailed(
            `Cannot open TLS to ${peerOf(options)}: openssl says "${
              complaints.find((line) => line.includes("error:")) ?? complaints.at(-1) ?? "nothing"
            }"`,
          ),
      );
    })().catch(shaken.reject);
    return shaken.promise;
  }
}
