import type { Socket } from "node:net";
import type { ByteLink, PeerCertificate } from "./byte_link.ts";
import { ConnectFailed, TlsFailed } from "./errors.ts";
import { certificateOf } from "./fingerprint.ts";
import { OpensslEngine } from "./openssl_engine.ts";
import { SocketLink } from "./socket_link.ts";
import { type LinkOptions, peerOf } from "./tls_options.ts";
import { tlsFailure } from "./tls_failure.ts";

/** TLS by OpenSSL in this process over a plain socket. */
export class OpensslLink implements ByteLink {
  certificate: PeerCertificate | null = null;
  readonly #socket: SocketLink;
  readonly #engine: OpensslEngine;
  readonly #shaken = Promise.withResolvers<void>();
  #isShaken = false;
  #isClosed = false;
  #listener:
    | { bytes(bytes: Uint8Array): void; closed(error: Error | undefined): void }
    | undefined;
  /** An end that came before anybody listened. */
  #earlyEnd: { error: Error | undefined } | undefined;

  /** Shakes hands on a connected socket within `timeoutMs`, what TCP left of it; the caller checks `certificate` before it sends anything. */
  static async open(socket: Socket, options: LinkOptions, timeoutMs: number): Promise<OpensslLink> {
    const link = new OpensslLink(socket, options);
    const timer = setTimeout(() => {
      const { connectTimeoutMs: ms } = options;
      link.#fail(
        new ConnectFailed(
          `Cannot connect to ${peerOf(options)}: TLS is not answered within ${ms} ms: ` +
            "is this address allowed in /ip/service?",
        ),
      );
    }, timeoutMs);
    const onAbort = () => link.#fail(options.signal!.reason);
    options.signal?.addEventListener("abort", onAbort, { once: true });
    if (options.signal?.aborted) onAbort();
    try {
      await link.#shaken.promise;
      return link;
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", onAbort);
    }
  }

  private constructor(socket: Socket, options: LinkOptions) {
    this.#socket = new SocketLink(socket, null);
    try {
      this.#engine = new OpensslEngine((bytes) => this.#socket.write(bytes));
    } catch (error) {
      this.#socket.close();
      throw error;
    }
    this.#socket.start((bytes) => {
      try {
        this.#engine.feed(bytes);
        if (!this.#isShaken) this.#shake();
        this.#read();
      } catch (error) {
        this.#fail(tlsFailure(options, error as Error));
      }
    }, (error) => {
      if (!this.#isShaken) {
        this.#fail(
          new TlsFailed(
            `Cannot open TLS to ${peerOf(options)}: the router closed the connection during the ` +
              "handshake: is this address allowed in /ip/service, and is this the api-ssl port?",
            { cause: error },
          ),
        );
      } else this.#fail(error);
    });
    this.#shake();
  }

  start(onBytes: (bytes: Uint8Array) => void, onClosed: (error: Error | undefined) => void): void {
    this.#listener = { bytes: onBytes, closed: onClosed };
    queueMicrotask(() => {
      if (this.#earlyEnd) return onClosed(this.#earlyEnd.error);
      this.#socket.resume();
      this.#read();
    });
  }

  write(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#engine.write(bytes);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
    this.#engine[Symbol.dispose]();
  }

  #shake(): void {
    if (!this.#engine.handshake()) return;
    const der = this.#engine.peerCertificate();
    this.certificate = der ? certificateOf(der) : null;
    this.#isShaken = true;
    // Nothing is read before someone listens.
    this.#socket.pause();
    this.#shaken.resolve();
  }

  #read(): void {
    const listener = this.#listener;
    if (!listener || this.#isClosed) return;
    try {
      if (this.#engine.read((bytes) => listener.bytes(bytes))) this.#fail(undefined);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(error: Error | undefined): void {
    if (this.#isClosed) return;
    this.close();
    if (!this.#isShaken) this.#shaken.reject(error);
    else if (this.#listener) this.#listener.closed(error);
    else this.#earlyEnd = { error };
  }
}
