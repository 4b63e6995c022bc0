import { messageOf } from "@/core/errors.ts";
import {
  CertificateChanged,
  ConnectFailed,
  ConnectionLost,
  DeadlineExceeded,
  FatalError,
  LoginRefused,
  ProtocolError,
  rawValueOf,
  type RouterosSession,
  type Row,
  TlsFailed,
  TrapError,
} from "@/core/wire/routeros/mod.ts";
import {
  LinkFailed,
  type LinkFailure,
  type LinkRow,
  type LinkWords,
  type RouterConnection,
} from "./link.ts";

const DEADLINE_MS = 30_000;
const encoder = new TextEncoder();

/** A session as a {@linkcode RouterConnection}: for the poller that holds it, and for tests. */
export function connectionOf(session: RouterosSession): RouterConnection {
  return {
    async run(command, { attributes = {}, deadlineMs = DEADLINE_MS, ...words }: LinkWords = {}) {
      const sent = Object.entries(attributes).map(([name, value]) => [name, toBytes(value)]);
      try {
        const { rows, ret } = await session.run(command, {
          ...words,
          attributes: Object.fromEntries(sent),
          deadlineMs,
        });
        return { rows: rows.map(byteRow), ...(ret !== undefined && { ret }) };
      } catch (error) {
        throw linkFailure(error);
      }
    },
    close: () => {
      session.close();
      return Promise.resolve();
    },
  };
}

const toBytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0) & 0xff);

function byteRow(row: Row): LinkRow {
  const out: LinkRow = Object.create(null);
  for (const [name, value] of Object.entries(row)) {
    const bytes = rawValueOf(row, name);
    // Most is ASCII, which is its own byte string.
    // deno-lint-ignore no-control-regex
    if (!bytes && /^[\x00-\x7f]*$/.test(value)) out[name] = value;
    else out[name] = latin1(bytes ?? encoder.encode(value));
  }
  return out;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return text;
}

/** What a session threw, in the words of a link. */
export function linkFailure(error: unknown): LinkFailed {
  if (error instanceof LinkFailed) return error;
  if (error instanceof TrapError) return new LinkFailed("trap", error.reason, { cause: error });
  const reason: LinkFailure = error instanceof LoginRefused
    ? "login_refused"
    : error instanceof CertificateChanged
    ? "certificate_changed"
    : error instanceof ConnectFailed || error instanceof TlsFailed
    ? "unreachable"
    : error instanceof DeadlineExceeded
    ? "timeout"
    : error instanceof ConnectionLost || error instanceof FatalError ||
        error instanceof ProtocolError
    ? "lost"
    : "failed";
  return new LinkFailed(reason, messageOf(error), { cause: error });
}
