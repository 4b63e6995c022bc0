import { DEFAULT_LEVEL, type SyslogLine, tagOf, topicsOf } from "./line.ts";
import { parseStructured } from "./structured.ts";

/** Longer messages are cut, and say so. */
export const MAX_MESSAGE = 8_192;
const CUT_MARK = " … (cut)";
/** Of a header: an identity may have spaces, so topics are looked for in so many words. */
const HEADER_WORDS = 12;

const strict = new TextDecoder("utf-8", { fatal: true });
const loose = new TextDecoder("windows-1252");

/**
 * One line or datagram, in any of: RFC 5424, RFC 3164, RouterOS with `bsd-syslog=yes`, RouterOS without
 * it (topics and message, no header). Whatever it is, there is an answer: what fits no format is a
 * message. Nothing is interpreted, and NUL is taken out.
 */
export function parseSyslog(bytes: Uint8Array): SyslogLine {
  const text = decode(bytes);
  const priority = /^<(\d{1,3})>/.exec(text);
  const value = priority ? Number(priority[1]) : undefined;
  const level = value === undefined || value > 191 ? undefined : value % 8;
  const body = priority ? text.slice(priority[0].length) : text;
  const structured = parseStructured(body);
  if (structured) {
    const { message, device, deviceTime, host, app } = structured;
    const line = withTopics(message, level, { deviceTime, host });
    if (line.topics.length === 0) Object.assign(line, topicsOf(app ?? ""));
    return { ...line, device: device ?? line.device };
  }
  const stamp = STAMP.exec(body);
  if (!stamp) return withTopics(body, level, { deviceTime: null, host: null });
  return withHost(body.slice(stamp[0].length), level, stamp[1]!);
}

/** "Jan  1 12:00:00", with a year or fractions too, "2026-01-01T12:00:00+00:00", "2026-01-01 12:00:00". */
const STAMP = new RegExp(
  "^((?:[A-Z][a-z]{2} [ \\d]\\d (?:\\d{4} )?\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)|" +
    "(?:\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?)) +",
);

interface Header {
  deviceTime: string | null;
  host: string | null;
}

/** After a time: the host, which is a router's identity and may hold spaces, then topics and message. */
function withHost(text: string, level: number | undefined, deviceTime: string): SyslogLine {
  const words = text.split(" ", HEADER_WORDS);
  let offset = 0;
  for (const word of words) {
    if (offset > 0 && topicsOf(word)) {
      const host = text.slice(0, offset).trim();
      return withTopics(text.slice(offset), level, { deviceTime, host });
    }
    offset += word.length + 1;
  }
  const [host = ""] = words;
  const rest = text.slice(host.length + 1);
  return withTopics(rest, level, { deviceTime, host: host || null });
}

function withTopics(text: string, level: number | undefined, header: Header): SyslogLine {
  const before = tagOf(text);
  const end = before.rest.search(/\s/);
  const word = end < 0 ? before.rest : before.rest.slice(0, end);
  const found = topicsOf(word);
  const after = tagOf(found ? before.rest.slice(word.length).trimStart() : before.rest);
  return {
    level: found?.level ?? level ?? DEFAULT_LEVEL,
    topics: found?.topics ?? [],
    message: bounded(after.rest),
    device: before.device ?? after.device,
    host: header.host === null ? null : header.host.slice(0, 255),
    deviceTime: header.deviceTime,
  };
}

function bounded(message: string): string {
  const text = message.trimEnd();
  if (text.length <= MAX_MESSAGE) return text;
  return text.slice(0, MAX_MESSAGE - CUT_MARK.length).toWellFormed() + CUT_MARK;
}

/** UTF-8, else a code page where every byte is a letter. */
function decode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    text = loose.decode(bytes);
  }
  return text.replaceAll("\0", "");
}
