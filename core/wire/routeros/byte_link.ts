/** The certificate a router showed. */
export interface PeerCertificate {
  /** SHA-256 of `der`, lower-case hex. */
  readonly fingerprint: string;
  readonly der: Uint8Array;
}

/**
 * A connected, trusted byte pipe to a router, whatever carries it. Everything that has to be
 * checked (certificate, pin, name) was checked before it is handed out.
 */
export interface ByteLink {
  /** `null`: no TLS, or a key exchange without certificate. */
  readonly certificate: PeerCertificate | null;
  /**
   * Begins to read. `onClosed` is called once at most, never before `start` returned: with the
   * error that ended the link, or `undefined` when the peer closed it in order.
   */
  start(onBytes: (bytes: Uint8Array) => void, onClosed: (error: Error | undefined) => void): void;
  write(bytes: Uint8Array): void;
  /** Stops reading, so that TCP slows the peer down; {@linkcode resume} goes on. */
  pause(): void;
  resume(): void;
  /** Ends it now, on both sides; `onClosed` is not called any more. Twice does no harm. */
  close(): void;
}
