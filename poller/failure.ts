import type { StatusReason } from "@/core/contract/sample.ts";
import { messageOf, Unavailable } from "@/core/errors.ts";
import { DecryptFailed } from "@/core/ports/kms.ts";
import {
  CertificateChanged,
  ConnectFailed,
  ConnectionLost,
  DeadlineExceeded,
  FatalError,
  LoginRefused,
  ProtocolError,
  TlsFailed,
  TrapError,
} from "@/core/wire/routeros/mod.ts";

/** Why a poll failed, for people and for the breaker. */
export interface Failure {
  reason: StatusReason;
  /** What happened and what to check, one sentence or two. */
  detail: string;
}

/** There is no credential to log in with, or it cannot be decrypted now. */
export class NoCredential extends Error {
  override name = "NoCredential";
}

const CHECK: Partial<Record<StatusReason, string>> = {
  connection_refused:
    "Check that the API service is enabled on this port and that no firewall rejects it.",
  connect_timeout: "Check power, the link and the firewall on the way.",
  connection_lost: "It may be rebooting; check the link if it repeats.",
  no_answer: "The router accepts connections but does not answer: check its CPU load and logs.",
  name_unresolved: "Check the host name and the DNS of this machine.",
  login_refused: "Check the user name and password, and that its group has the policy api.",
  service_address_refused: "Check the address list of /ip service and of the user on the router.",
  credential_unavailable: "Enter the credential of this router again.",
  protocol_error: "Check that this port is the RouterOS API and not another service.",
};

/** Sorts whatever a poll threw into a reason. */
export function failureOf(error: unknown): Failure {
  const reason = reasonOf(error);
  const text = messageOf(error).slice(0, 1_000);
  const check = CHECK[reason];
  return { reason, detail: check && !text.includes(check) ? `${stop(text)} ${check}` : text };
}

function stop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function reasonOf(error: unknown): StatusReason {
  if (error instanceof CertificateChanged) return "certificate_changed";
  if (error instanceof LoginRefused) return "login_refused";
  if (error instanceof TlsFailed) return "tls_failed";
  if (error instanceof NoCredential || error instanceof DecryptFailed) {
    return "credential_unavailable";
  }
  if (error instanceof Unavailable) return "credential_unavailable";
  if (error instanceof DeadlineExceeded) return "no_answer";
  if (error instanceof ProtocolError) return "protocol_error";
  if (error instanceof FatalError) return "device_error";
  if (error instanceof TrapError) return "device_error";
  if (error instanceof ConnectFailed) return connectReason(error);
  if (error instanceof ConnectionLost) return "connection_lost";
  return "device_error";
}

/** The system's own code, wherever it lies in the chain of causes. */
export function systemCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as { code?: unknown };
    if (typeof code === "string" && /^E[A-Z]/.test(code)) return code;
  }
  return undefined;
}

function connectReason(error: ConnectFailed): StatusReason {
  const code = systemCode(error) ?? "";
  if (code === "ECONNREFUSED") return "connection_refused";
  if (code === "ENOTFOUND" || code.startsWith("EAI")) return "name_unresolved";
  // Accepted and then closed or left silent: what the address list of a service does.
  return /ip.service/.test(error.message) ? "service_address_refused" : "connect_timeout";
}
