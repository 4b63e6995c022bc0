/** Why a command over SSH did not do. */
export const SSH_REASONS = [
  "connection_refused",
  "connect_timeout",
  "connection_lost",
  "no_answer",
  "host_key_changed",
  "login_refused",
  "too_large",
  "refused",
  "truncated",
  "failed",
] as const;
export type SshReason = typeof SSH_REASONS[number];

/** The message says what happened and what to check, for people. */
export class SshFailed extends Error {
  override name = "SshFailed";
  constructor(readonly reason: SshReason, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Sorts what ssh2 says into a reason. */
export function sshFailure(error: Error & { code?: string; level?: string }): SshFailed {
  const fail = (reason: SshReason, message: string) =>
    new SshFailed(reason, message, { cause: error });
  if (error.level === "client-authentication") {
    return fail(
      "login_refused",
      "SSH refused the login: check user and password, and that the user's group has the policy ssh.",
    );
  }
  if (error.code === "ECONNREFUSED") {
    return fail(
      "connection_refused",
      "Nothing listens for SSH: enable ssh in /ip service on the router, or set its SSH port here.",
    );
  }
  if (error.level === "client-timeout" || error.code === "ETIMEDOUT") {
    return fail("connect_timeout", "SSH does not answer: check the firewall on the way.");
  }
  if (error.level === "handshake" || /handshake|key exchange|cipher/i.test(error.message)) {
    return fail("failed", `SSH cannot agree with this router: ${error.message}`);
  }
  return fail("connection_lost", `The SSH connection broke: ${error.message}`);
}
