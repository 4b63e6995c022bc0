import { TlsFailed } from "./errors.ts";
import { type LinkOptions, peerOf } from "./tls_options.ts";

const USE_LEGACY = 'use TLS mode "legacy", or give the router a certificate with RSA 2048 or EC ' +
  "P-256 and TLS 1.2";

/** What a failed handshake means, and what to do about it. */
export function tlsFailure(options: LinkOptions, error: Error & { code?: string }): TlsFailed {
  const { tls } = options;
  const text = `${error.code ?? ""} ${error.message}`;
  const failed = (advice: string) =>
    new TlsFailed(`Cannot open TLS to ${peerOf(options)}: ${advice}`, { cause: error });
  if (tls.mode === "legacy") return failed(error.message);
  // With verification off this error cannot be about trust: it is how rustls turns away keys below
  // 2048 bits (and other certificates it cannot work with).
  if (/SELF_SIGNED|SELF-SIGNED|self.signed/.test(text) && tls.mode !== "ca") {
    return failed(
      `the router's key is too weak for modern TLS (RSA below 2048 bits): ${USE_LEGACY}`,
    );
  }
  if (
    /HANDSHAKE_FAILURE|HandshakeFailure|PROTOCOL_VERSION|ProtocolVersion|PeerIncompatible/i
      .test(text)
  ) {
    return failed(
      "the router offers only old ciphers or versions, or api-ssl has no certificate " +
        `(anonymous key exchange): ${USE_LEGACY}`,
    );
  }
  if (/ALTNAME|NotValidForName|Hostname.*does not match|not valid for name/i.test(text)) {
    const name = tls.mode === "ca" ? tls.serverName ?? options.address : options.address;
    return failed(
      `its certificate does not name "${name}": set the server name to one in the certificate, ` +
        "or issue one that names this address as subjectAltName",
    );
  }
  if (/EXPIRED|Expired/.test(text)) {
    return failed("its certificate has expired: renew it, or check both clocks");
  }
  if (/NotValidYet|NOT_YET_VALID/i.test(text)) {
    return failed("its certificate is not valid yet: check the router's clock (NTP) and ours");
  }
  if (/ISSUER|SELF_SIGNED|self.signed|VERIFY|UnknownIssuer|SIGNATURE|certificate/i.test(text)) {
    return failed(
      `the given CA did not sign its certificate (${error.message}): give the CA that did, or ` +
        "pin the certificate",
    );
  }
  if (/ECONNRESET|EPIPE|eof|closed|CONNECTION_ENDED/i.test(text)) {
    return failed(
      "the router closed the connection during the handshake: is this address allowed in " +
        "/ip/service, and is this the api-ssl port?",
    );
  }
  if (/InvalidMessage|corrupt|WRONG_VERSION/i.test(text)) {
    return failed("the peer does not speak TLS: is this the api-ssl port (8729, not 8728)?");
  }
  return failed(error.message || text);
}
