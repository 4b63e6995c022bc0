import type { Logger } from "@/core/log.ts";

/** Says nothing. */
export const silentLog: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLog,
};

export interface LogLine {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

/** Keeps every line for assertions. */
export function recordingLog(lines: LogLine[] = [], base = {}): Logger & { lines: LogLine[] } {
  const at = (level: string) => (message: string, fields = {}) =>
    void lines.push({ level, message, fields: { ...base, ...fields } });
  return {
    lines,
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (fields) => recordingLog(lines, { ...base, ...fields }),
  };
}
