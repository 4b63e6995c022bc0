/** What a line of syslog says, whatever format it came in. */
export interface SyslogLine {
  /** 0 emergency … 7 debug. */
  level: number;
  /** RouterOS topics without the severity; empty when the line has none. */
  topics: string[];
  message: string;
  host: string | null;
  /** The time in the header, as written. */
  deviceTime: string | null;
  /** The device that the line itself names, see `tagOf`. */
  device: string | null;
}

export const DEFAULT_LEVEL = 6;

/** What RouterOS puts among the topics to say how bad it is, and what else is detail. */
const LEVELS: Readonly<Record<string, number>> = {
  ...{ critical: 2, error: 3, warning: 4, info: 6, debug: 7, packet: 7, raw: 7 },
};
const SEVERITIES: ReadonlySet<string> = new Set(["critical", "error", "warning", "info", "debug"]);
const TOPICS = /^[a-z0-9!][a-z0-9-]{0,39}(?:,[a-z0-9!][a-z0-9-]{0,39}){1,15}$/;
const MAX_TOPICS = 12;

/** `system,info,account` as topics and level; `undefined` when a word is no list of topics. */
export function topicsOf(word: string): { topics: string[]; level: number } | undefined {
  const list = word.endsWith(":") ? word.slice(0, -1) : word;
  if (list.length > 400 || !TOPICS.test(list)) return undefined;
  const names = list.split(",");
  const levels = names.flatMap((name) => LEVELS[name] ?? []);
  if (levels.length === 0) return undefined;
  return {
    topics: names.filter((name) => !SEVERITIES.has(name)).slice(0, MAX_TOPICS),
    level: Math.min(...levels),
  };
}

const TAG =
  /^tod[-:=]([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12}):?(?:\s+|$)/i;

/**
 * A tag at the beginning: `tod-` and the device's id, which RouterOS writes there when it is the `prefix`
 * of a logging rule. Answers the id and what follows.
 */
export function tagOf(text: string): { device: string | null; rest: string } {
  const found = TAG.exec(text);
  if (!found) return { device: null, rest: text };
  return {
    device: found.slice(1, 6).join("-").toLowerCase(),
    rest: text.slice(found[0].length),
  };
}
