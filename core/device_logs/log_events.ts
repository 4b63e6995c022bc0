import type { LogLine } from "@/core/contract/device_logs.ts";
import type { TalliedEvent, Tally, Tell } from "@/core/events/tally_events.ts";

/** What a log line tells beside itself. */
export type LogFinding =
  | { kind: "device.login"; user: string; from: string; via: string }
  | { kind: "device.login_failed"; user: string; from: string; via: string }
  | { kind: "device.config_changed"; by: string; what: string };

const SUCCESS = /^user (.{0,100}?) logged in(?: from (\S{1,64}))?(?: via ([\w.-]{1,32}))?\s*$/;
const FAILURE =
  /^login failure for user (.{0,100}?)(?: from (\S{1,64}))?(?: via ([\w.-]{1,32}))?\s*$/;
/** "filter rule <*5> changed by winbox:admin@10.0.0.2 (…)", "ip address added by admin". */
const CHANGE =
  /^([\w ,./<>*:-]{1,120}?) (added|changed|removed|moved|enabled|disabled|undone|redone) by (\S{1,200})/;

/**
 * A login, a failed one, or a change of configuration, from the lines RouterOS writes about them. A logout
 * is no event: it follows from the login, and would double the timeline.
 */
export function readFinding(
  { topics, message }: Pick<LogLine, "topics" | "message">,
): LogFinding | undefined {
  if (!topics.includes("system") || message.length > 1_000) return undefined;
  const failure = FAILURE.exec(message);
  if (failure) return { kind: "device.login_failed", ...people(failure) };
  if (topics.includes("account")) {
    const success = SUCCESS.exec(message);
    return success ? { kind: "device.login", ...people(success) } : undefined;
  }
  const change = CHANGE.exec(message);
  if (!change) return undefined;
  const what = `${change[1]!.replace(/ ?<\*[0-9A-F]+>/g, "")} ${change[2]}`;
  return { kind: "device.config_changed", by: userOf(change[3]!), what };
}

function people([, user, from, via]: RegExpExecArray) {
  return { user: user!, from: from ?? "", via: via ?? "" };
}

/** "winbox-3.41/tcp-msg(winbox):admin@10.0.0.2/terminal" → "admin"; v6 writes the name alone. */
function userOf(text: string): string {
  return /^(?:[^@\s]*:)?([^@:\s]+)@/.exec(text)?.[1] ?? text;
}

const LOGIN_WINDOW_MS = 10 * 60_000;
const CHANGE_WINDOW_MS = 60_000;

/** The event that a finding is counted in. */
export function tallyOf(
  finding: LogFinding,
  line: Pick<LogLine, "at">,
  device: { id: string; name: string },
): TalliedEvent {
  const window = (ms: number) =>
    new Date(Math.floor(Date.parse(line.at) / ms) * ms).toISOString().slice(0, 16);
  const base = { at: line.at, kind: finding.kind, deviceId: device.id, deviceName: device.name };
  switch (finding.kind) {
    case "device.login": {
      const { user, from, via } = finding;
      // Programs that log in for every look are one event in ten minutes, each.
      const tally = `login ${window(LOGIN_WINDOW_MS)} ${user} ${from} ${via}`.slice(0, 300);
      return { ...base, tally, seen: { user, from, via } };
    }
    case "device.login_failed": {
      const { user, from, via } = finding;
      // Names and addresses are the attacker's to choose: they must not make rows.
      return { ...base, tally: `failed ${window(LOGIN_WINDOW_MS)}`, seen: { user, from, via } };
    }
    case "device.config_changed":
      return {
        ...base,
        tally: `changed ${window(CHANGE_WINDOW_MS)}`,
        seen: { by: finding.by, what: finding.what },
      };
  }
}

/** From so many in ten minutes on it is no mistyped password any more. */
const ATTACK = 20;

/** How such an event reads. */
export const tellTally: (name: string) => Tell = (name) => (kind, tally) => {
  const { count } = tally;
  const via = list(tally, "via", 3);
  const from = list(tally, "from", 3);
  const where = `${from && ` from ${from}`}${via && ` via ${via}`}`;
  if (kind === "device.login") {
    return { severity: "info", message: `${name}: ${list(tally, "user", 3)} logged in${where}` };
  }
  if (kind === "device.login_failed") {
    const users = list(tally, "user", 4);
    const message = count === 1
      ? `${name}: login as ${users} failed${where}`
      : `${name}: ${count} logins failed, as ${users}${where}`;
    return { severity: count >= ATTACK ? "critical" : "warning", message };
  }
  return {
    severity: "info",
    message: `${name}: ${list(tally, "what", 6)} (by ${list(tally, "by", 3)})`,
  };
};

function list({ values, hasMore }: Tally, question: string, most: number): string {
  const all = values[question] ?? [];
  const shown = all.slice(0, most);
  const others = all.length - shown.length;
  if (others === 0 && !hasMore[question]) return joined(shown);
  return `${shown.join(", ")} and ${hasMore[question] ? "many" : others} more`;
}

function joined(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
