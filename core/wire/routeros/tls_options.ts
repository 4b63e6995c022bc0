/** How the connection to a router is protected. None of the modes changes into another by itself. */
export type RouterTls =
  | { readonly mode: "plain" }
  /** Encrypted, trusting anything: chosen explicitly. */
  | { readonly mode: "insecure" }
  /**
   * Trusts one certificate: SHA-256 of its DER, hex. `null` takes what it sees, which
   * `session.peerCertificate` then reports, to be pinned from there on.
   */
  | { readonly mode: "pinned"; readonly fingerprint: string | null }
  /** Like pinned, with the old cryptography Deno does not speak: OpenSSL does it. */
  | { readonly mode: "legacy"; readonly fingerprint: string | null }
  /** Trusts what `ca` (PEM, one or more) signed, or is, for `serverName` (default: the address). */
  | { readonly mode: "ca"; readonly ca: string; readonly serverName?: string | undefined };

/** Where and how to reach a router. */
export interface LinkOptions {
  readonly address: string;
  readonly port: number;
  readonly tls: RouterTls;
  /** TCP and TLS together. */
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** `address:port` for messages; IPv6 in brackets. */
export function peerOf({ address, port }: { address: string; port: number }): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
