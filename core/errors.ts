/**
 * What can go wrong, in the product's words. Core never names an HTTP status: `routes/http/problem.ts`
 * maps each code to one, and a code without a status does not compile there.
 */
export type ErrorCode =
  | "not_found"
  | "forbidden"
  | "unauthenticated"
  | "conflict"
  | "precondition_failed"
  | "invalid_input"
  | "too_many_requests"
  | "device_refused"
  | "device_unreachable"
  | "unavailable";

export abstract class AppError extends Error {
  abstract readonly code: ErrorCode;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The thing does not exist, or not for this caller: the two look the same from outside. */
export class NotFound extends AppError {
  readonly code = "not_found";
}

/** The caller is known and may not do this. */
export class Forbidden extends AppError {
  readonly code = "forbidden";
}

/** No valid credential came with the request. */
export class Unauthenticated extends AppError {
  readonly code = "unauthenticated";
}

/** The act contradicts what is stored, for example an address that is managed already. */
export class Conflict extends AppError {
  readonly code = "conflict";
}

/** The caller's copy is out of date (If-Match): read again, then retry. */
export class PreconditionFailed extends AppError {
  readonly code = "precondition_failed";
}

/** `issues` is shown to the caller: field paths and messages, never values. */
export class InvalidInput extends AppError {
  readonly code = "invalid_input";
  constructor(message: string, readonly issues: { path: string; message: string }[] = []) {
    super(message);
  }
}

/** A rate limit or a bounded queue is full. */
export class TooManyRequests extends AppError {
  readonly code = "too_many_requests";
  constructor(message: string, readonly retryAfterSeconds: number) {
    super(message);
  }
}

/** The router answered `!trap`: it understood the command and declined it. */
export class DeviceRefused extends AppError {
  readonly code = "device_refused";
}

/** The router could not be reached, or the connection ended before an answer. */
export class DeviceUnreachable extends AppError {
  readonly code = "device_unreachable";
}

/** Something the product stands on (database, bus, locks, KMS) does not answer now. */
export class Unavailable extends AppError {
  readonly code = "unavailable";
}

/** The message of anything thrown, for a log line or a reason. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
