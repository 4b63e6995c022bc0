import { createHash } from "node:crypto";
import {
  ConnectFailed,
  ConnectionLost,
  DeadlineExceeded,
  LoginRefused,
  TrapError,
} from "./errors.ts";
import type { RouterosSession } from "./session.ts";
import { SESSION_DEFAULTS, type SessionOptions } from "./session_options.ts";
import { peerOf } from "./tls_options.ts";

const ASK_SERVICE = "is this server's address allowed in /ip/service, and is this the API port?";

/**
 * Logs a fresh session in: name and password as since RouterOS 6.43, then the MD5 challenge if an
 * older router answers with one (it has seen the password by then, as any API login sends it).
 *
 * @throws {LoginRefused} the router does not accept the user, or legacy login is needed and not allowed
 * @throws {DeadlineExceeded} {@linkcode ConnectFailed} the router is silent, or hangs up
 */
export async function logIn(session: RouterosSession, options: SessionOptions): Promise<void> {
  const { username, password, loginTimeoutMs, signal } = options;
  const peer = peerOf(options);
  const deadline = performance.now() + loginTimeoutMs;
  const login = (attributes: Record<string, string>) =>
    session.run("/login", {
      attributes: { name: username, ...attributes },
      deadlineMs: deadline - performance.now(),
      signal,
    });
  try {
    const { ret } = await login({ password });
    if (ret === undefined) return;
    if (!(options.allowLegacyLogin ?? SESSION_DEFAULTS.allowLegacyLogin)) {
      throw new LoginRefused(
        `Cannot log in to ${peer}: it asks for the MD5 login of RouterOS before 6.43, which is ` +
          "not allowed here. Upgrade the router, or allow legacy login for it",
      );
    }
    await login({ response: challengeResponse(password, ret) });
  } catch (error) {
    const isSilent = session.receivedBytes === 0;
    if (error instanceof TrapError) {
      throw new LoginRefused(
        `Cannot log in to ${peer} as "${username}": the router says "${error.reason}"`,
        { cause: error },
      );
    }
    if (error instanceof DeadlineExceeded) {
      throw new DeadlineExceeded(
        `Cannot log in to ${peer}: no answer within ${loginTimeoutMs} ms` +
          (isSilent ? `; it accepted the connection and stayed silent: ${ASK_SERVICE}` : ""),
        { cause: error },
      );
    }
    if (error instanceof ConnectionLost && isSilent) {
      throw new ConnectFailed(
        `Cannot log in to ${peer}: it accepted the connection and closed it: ${ASK_SERVICE}`,
        { cause: error },
      );
    }
    throw error;
  }
}

/**
 * `00` and the MD5 of a zero byte, the password and the challenge's bytes, in hex.
 *
 * @throws {LoginRefused} when the challenge is not hex
 */
export function challengeResponse(password: string, challenge: string): string {
  if (!/^([0-9a-f]{2})+$/i.test(challenge)) {
    throw new LoginRefused(
      `Cannot answer the login challenge as it must be hex: current value is "${challenge}"`,
    );
  }
  const digest = createHash("md5").update(Uint8Array.of(0)).update(password, "utf8")
    .update(challenge, "hex").digest("hex");
  return `00${digest}`;
}
