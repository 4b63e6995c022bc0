import { AppError, DeviceRefused, DeviceUnreachable } from "@/core/errors.ts";

/** The router sent bytes that are not the RouterOS API, or more of them than we accept. */
export class ProtocolError extends DeviceUnreachable {}

/** One `!trap` as the router sent it. */
export interface Trap {
  readonly message: string;
  /** 0 missing item or command, 1 bad value, 2 interrupted, 3 script, 4 general, 5 API, 6 TTY, 7 :return. */
  readonly category: number | undefined;
}

/** The router answered `!trap`. The first trap speaks; `traps` lists all of them in order. */
export class TrapError extends DeviceRefused {
  readonly category: number | undefined;
  /** The router's own words, without our sentence around them. */
  readonly reason: string;
  constructor(readonly command: string, readonly traps: readonly [Trap, ...Trap[]]) {
    super(`Cannot run ${command}: the router says "${traps[0].message}"`);
    this.category = traps[0].category;
    this.reason = traps[0].message;
  }
}

/** The router ended the session with `!fatal`; its reason is in the message and in `reason`. */
export class FatalError extends DeviceUnreachable {
  constructor(readonly reason: string) {
    super(`Cannot go on with the session: the router ended it with "${reason}"`);
  }
}

/** The router does not let this user in: wrong name or password, or no right to use the API. */
export class LoginRefused extends DeviceRefused {}

/** The connection ended; what was pending has no answer and may or may not have been carried out. */
export class ConnectionLost extends DeviceUnreachable {}

/** No connection came about: refused, unreachable, silent or closed before the login ended. */
export class ConnectFailed extends DeviceUnreachable {}

/** The router did not finish the command (or the login) in the time it was given. */
export class DeadlineExceeded extends DeviceUnreachable {}

/** The TLS handshake failed. The message names the mode or the change that would help. */
export class TlsFailed extends DeviceUnreachable {}

/** The router shows another certificate than the pinned one. Nothing was sent to it. */
export class CertificateChanged extends AppError {
  readonly code = "device_refused";
  constructor(
    readonly peer: string,
    /** Pinned SHA-256 of the DER certificate, lower-case hex. */
    readonly expected: string,
    /** What the peer shows; `null`: no certificate at all (anonymous key exchange). */
    readonly actual: string | null,
  ) {
    super(
      `Cannot trust ${peer}: its certificate must have fingerprint ${expected}: ` +
        `current value is ${actual ?? "no certificate"}. If the change is yours, pin the new ` +
        `certificate; if not, somebody may be answering in the router's place`,
    );
  }
}
