import type { Clock } from "@/core/ports/clock.ts";

const KEPT_MS = 120_000;
const MAX_NOTES = 20_000;
const LOGIN = /^user (.{1,100}) logged in from \S+ via (?:api|api-ssl|ssh|sftp)\s*$/;

interface Note {
  username: string;
  logins: number;
  until: number;
}

/**
 * Logins that this poller itself makes: the router's line about one is no news on the timeline. Each login
 * that was noted explains one line, so that somebody else's with the same name is still told.
 */
export class OwnLogins {
  #notes = new Map<string, Note>();

  constructor(readonly clock: Pick<Clock, "monotonic">) {}

  /** A session with this device is about to be opened. */
  note(deviceId: string, username: string): void {
    const now = this.clock.monotonic();
    const before = this.#notes.get(deviceId);
    const isSame = before?.username === username && before.until > now;
    this.#notes.delete(deviceId);
    const logins = isSame ? before.logins + 1 : 1;
    this.#notes.set(deviceId, { username, logins, until: now + KEPT_MS });
    if (this.#notes.size > MAX_NOTES) this.#notes.delete(this.#notes.keys().next().value!);
  }

  /** Whether a line is about one of them; it is explained by that, and no second one is. */
  explains(deviceId: string, message: string): boolean {
    const note = this.#notes.get(deviceId);
    if (!note || note.until < this.clock.monotonic()) return false;
    if (LOGIN.exec(message)?.[1] !== note.username) return false;
    note.logins -= 1;
    if (note.logins === 0) this.#notes.delete(deviceId);
    return true;
  }
}
