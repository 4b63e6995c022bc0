import type { ByteLink } from "./byte_link.ts";
import { TlsFailed } from "./errors.ts";
import { checkPin } from "./fingerprint.ts";
import { openTcp } from "./open_tcp.ts";
import { OpensslLibrary } from "./openssl_library.ts";
import { OpensslLink } from "./openssl_link.ts";
import { SClientLink } from "./s_client_link.ts";
import { type LinkOptions, peerOf } from "./tls_options.ts";

/**
 * TLS for routers that Deno's cannot talk to: anonymous Diffie-Hellman, TLS 1.0 and 1.1, RSA key
 * exchange, 1024-bit keys. In this process where FFI is permitted, else by the openssl program.
 *
 * @throws {CertificateChanged} also when a certificate is pinned and none is shown any more
 */
export async function openLegacyTls(
  options: LinkOptions,
  fingerprint: string | null,
  via: "ffi" | "s_client" = OpensslLibrary.isPermitted() ? "ffi" : "s_client",
): Promise<ByteLink> {
  const link = via === "ffi" ? await openByFfi(options) : await SClientLink.open(options);
  try {
    checkPin(peerOf(options), fingerprint, link.certificate);
    return link;
  } catch (error) {
    link.close();
    throw error;
  }
}

async function openByFfi(options: LinkOptions): Promise<ByteLink> {
  const began = performance.now();
  const socket = await openTcp(options);
  const left = Math.max(1, options.connectTimeoutMs - (performance.now() - began));
  try {
    return await OpensslLink.open(socket, options, left);
  } catch (error) {
    socket.destroy();
    if (
      error instanceof Error && /could not open library|cannot open shared/i.test(error.message)
    ) {
      throw new TlsFailed(
        `Cannot open TLS to ${peerOf(options)}: mode "legacy" needs OpenSSL 3 (Debian: libssl3)`,
        { cause: error },
      );
    }
    throw error;
  }
}
