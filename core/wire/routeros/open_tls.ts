import { Buffer } from "node:buffer";
import { isIP } from "node:net";
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from "node:tls";
import type { ByteLink } from "./byte_link.ts";
import { TlsFailed } from "./errors.ts";
import { certificateOf, checkPin } from "./fingerprint.ts";
import { connectFailure } from "./open_tcp.ts";
import { SocketLink, tuneSocket } from "./socket_link.ts";
import { type LinkOptions, peerOf } from "./tls_options.ts";
import { tlsFailure } from "./tls_failure.ts";
import { waitForSocket } from "./wait_for_socket.ts";

/**
 * Connects by Deno's own TLS (1.2 and 1.3). Trust is decided before the link is handed out, so a
 * password cannot reach a peer that failed the check.
 *
 * @throws {CertificateChanged} pinned to another certificate; never retried, never plain instead
 * @throws {TlsFailed} the handshake failed or the CA did not sign it
 * @throws {ConnectFailed} no connection at all
 */
export async function openTls(options: LinkOptions): Promise<ByteLink> {
  const { tls } = options;
  const name = tls.mode === "ca" ? tls.serverName ?? options.address : options.address;
  const socket = connect({
    host: options.address,
    port: options.port,
    // An IP address is no SNI name.
    ...(isIP(name) ? {} : { servername: name }),
    rejectUnauthorized: tls.mode === "ca",
    ...(tls.mode === "ca" ? { ca: tls.ca } : {}),
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      tls.mode === "ca" ? checkServerIdentity(name, certificate) : undefined,
  });
  let isConnected = false;
  socket.once("connect", () => isConnected = true);
  await waitForSocket(
    socket,
    "secureConnect",
    options,
    (error) =>
      isConnected || !isNetworkError(error)
        ? tlsFailure(options, error)
        : connectFailure(options, error),
  );
  try {
    const der = derOf(socket);
    if (!der) throw new TlsFailed(`Cannot trust ${peerOf(options)}: it shows no certificate`);
    const certificate = certificateOf(der);
    if (tls.mode === "pinned") checkPin(peerOf(options), tls.fingerprint, certificate);
    tuneSocket(socket);
    return new SocketLink(socket, certificate);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function derOf(socket: TLSSocket): Uint8Array | undefined {
  const raw: unknown = socket.getPeerCertificate()?.raw;
  return Buffer.isBuffer(raw) || raw instanceof Uint8Array ? Uint8Array.from(raw) : undefined;
}

function isNetworkError(error: Error & { code?: string }): boolean {
  return /^(E[A-Z]+|EAI_AGAIN)$/.test(error.code ?? "") && !error.code!.startsWith("ERR_");
}
