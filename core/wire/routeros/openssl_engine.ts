import { OpensslLibrary } from "./openssl_library.ts";

const SSL_ERROR_WANT_READ = 2;
const SSL_ERROR_ZERO_RETURN = 6;

/** OpenSSL said no; the message is its own. */
export class OpensslError extends Error {}

/** One TLS client without a socket: bytes of the network on one side, clear bytes on the other. */
export class OpensslEngine implements Disposable {
  readonly #lib: OpensslLibrary;
  readonly #ssl: Deno.PointerValue;
  readonly #fromPeer: Deno.PointerValue;
  readonly #toPeer: Deno.PointerValue;
  readonly #send: (bytes: Uint8Array) => void;
  #isFreed = false;
  #isReading = false;

  /** `send` puts bytes on the network. Throws when libssl 3 cannot be loaded. */
  constructor(send: (bytes: Uint8Array) => void) {
    const lib = this.#lib = OpensslLibrary.acquire();
    this.#send = send;
    this.#ssl = lib.ssl.SSL_new(lib.context);
    this.#fromPeer = lib.crypto.BIO_new(lib.crypto.BIO_s_mem());
    this.#toPeer = lib.crypto.BIO_new(lib.crypto.BIO_s_mem());
    lib.ssl.SSL_set_bio(this.#ssl, this.#fromPeer, this.#toPeer);
    lib.ssl.SSL_set_connect_state(this.#ssl);
  }

  /** Takes bytes from the network. */
  feed(bytes: Uint8Array): void {
    this.#lib.crypto.BIO_write(this.#fromPeer, bytes, bytes.length);
  }

  /** Goes on with the handshake; true when it is complete. Throws {@linkcode OpensslError}. */
  handshake(): boolean {
    this.#lib.crypto.ERR_clear_error();
    const result = this.#lib.ssl.SSL_do_handshake(this.#ssl);
    this.#flush();
    if (result === 1) return true;
    if (this.#lib.ssl.SSL_get_error(this.#ssl, result) === SSL_ERROR_WANT_READ) return false;
    throw new OpensslError(this.#lib.takeError());
  }

  /** Clear bytes of all records that are complete; true when the peer said goodbye. */
  read(onBytes: (bytes: Uint8Array) => void): boolean {
    const { ssl, crypto, scratch } = this.#lib;
    this.#isReading = true;
    try {
      while (!this.#isFreed) {
        crypto.ERR_clear_error();
        const count = ssl.SSL_read(this.#ssl, scratch, scratch.length);
        if (count > 0) {
          onBytes(scratch.slice(0, count));
          continue;
        }
        const error = ssl.SSL_get_error(this.#ssl, count);
        if (error === SSL_ERROR_ZERO_RETURN) return true;
        if (error !== SSL_ERROR_WANT_READ) throw new OpensslError(this.#lib.takeError());
        // Reading may owe the peer an answer (an alert, a new key).
        this.#flush();
        return false;
      }
      return false;
    } finally {
      this.#isReading = false;
      if (this.#isFreed) this.#free();
    }
  }

  write(bytes: Uint8Array): void {
    this.#lib.crypto.ERR_clear_error();
    if (this.#lib.ssl.SSL_write(this.#ssl, bytes, bytes.length) <= 0) {
      throw new OpensslError(this.#lib.takeError());
    }
    this.#flush();
  }

  /** DER of what the peer showed; `undefined` with anonymous key exchange. */
  peerCertificate(): Uint8Array | undefined {
    return this.#lib.takeCertificate(this.#lib.ssl.SSL_get1_peer_certificate(this.#ssl));
  }

  [Symbol.dispose](): void {
    if (this.#isFreed) return;
    this.#isFreed = true;
    // A callback of read() may end the session: OpenSSL still stands on this memory then.
    if (!this.#isReading) this.#free();
  }

  #flush(): void {
    const { crypto, scratch } = this.#lib;
    for (;;) {
      const count = crypto.BIO_read(this.#toPeer, scratch, scratch.length);
      if (count <= 0) return;
      this.#send(scratch.slice(0, count));
    }
  }

  #free(): void {
    this.#lib.ssl.SSL_free(this.#ssl); // frees both BIOs too
    this.#lib.release();
  }
}
