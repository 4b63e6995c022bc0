import { createHash } from "node:crypto";
import type { PeerCertificate } from "./byte_link.ts";
import { CertificateChanged } from "./errors.ts";

export function certificateOf(der: Uint8Array): PeerCertificate {
  return { fingerprint: createHash("sha256").update(der).digest("hex"), der };
}

/**
 * Compares what the peer shows with what is pinned; `expected` may carry colons and capitals.
 * A pinned router that shows no certificate any more is a change too.
 *
 * @throws {CertificateChanged}
 */
export function checkPin(
  peer: string,
  expected: string | null,
  actual: PeerCertificate | null,
): void {
  if (expected === null) return;
  const wanted = expected.replaceAll(":", "").toLowerCase();
  const shown = actual?.fingerprint ?? null;
  if (shown !== wanted) throw new CertificateChanged(peer, wanted, shown);
}
