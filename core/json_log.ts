import type { LogFields, Logger, LogLevel } from "./log.ts";
import { redact, redactText } from "./redact.ts";

const RANK: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface JsonLogOptions {
  level: LogLevel;
  write: (line: string) => void;
  now: () => number;
  fields?: LogFields;
}

/**
 * One JSON object a line: `time`, `level`, `message`, then the fields, without secrets. JSON escapes
 * control characters, so a device's name can neither forge a line nor move a terminal's cursor; the
 * C1 range and line separators, which JSON leaves alone, are escaped too.
 */
export function jsonLog(options: JsonLogOptions): Logger {
  const { level, write, now, fields: base = {} } = options;
  const at = (name: LogLevel) => (message: string, fields: LogFields = {}) => {
    if (RANK[name] < RANK[level]) return;
    const line = { time: new Date(now()).toISOString(), level: name, message: redactText(message) };
    let safe: unknown;
    try {
      safe = redact({ ...base, ...fields });
    } catch (error) {
      safe = { unloggable: String(error) }; // a getter that throws must not end what is being logged
    }
    // Twice: the line's own names come first, and no field can take their place.
    write(escapeRest(JSON.stringify({ ...line, ...safe as object, ...line })) + "\n");
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => jsonLog({ ...options, fields: { ...base, ...fields } }),
  };
}

function escapeRest(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Logs to standard error, which is where service managers and containers read. */
export function stderrLog(level: LogLevel): Logger {
  const encoder = new TextEncoder();
  return jsonLog({
    level,
    now: () => Date.now(),
    write: (line) => {
      const bytes = encoder.encode(line);
      try {
        for (let at = 0; at < bytes.length;) at += Deno.stderr.writeSync(bytes.subarray(at));
      } catch { /* nobody reads it any more (a closed pipe): that must not end the process */ }
    },
  });
}
