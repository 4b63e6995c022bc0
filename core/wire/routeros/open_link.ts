import type { ByteLink } from "./byte_link.ts";
import { openLegacyTls } from "./open_legacy_tls.ts";
import { openTcp } from "./open_tcp.ts";
import { openTls } from "./open_tls.ts";
import { SocketLink } from "./socket_link.ts";
import type { LinkOptions } from "./tls_options.ts";

/**
 * Connects to a router in the given TLS mode and in no other.
 *
 * @throws {ConnectFailed} {@linkcode TlsFailed} {@linkcode CertificateChanged}, or the signal's reason
 */
export async function openLink(options: LinkOptions): Promise<ByteLink> {
  options.signal?.throwIfAborted();
  switch (options.tls.mode) {
    case "plain":
      return new SocketLink(await openTcp(options), null);
    case "legacy":
      return await openLegacyTls(options, options.tls.fingerprint);
    default:
      return await openTls(options);
  }
}
