import { z } from "zod";

/** As syslog counts: 0 emergency … 7 debug. */
export const LogLevel = z.number().int().min(0).max(7);
/** What people choose by; each name stands for the levels up to its number. */
export const LOG_SEVERITIES = { critical: 2, error: 3, warning: 4, info: 6, debug: 7 } as const;
export type LogSeverity = keyof typeof LOG_SEVERITIES;
export const LOG_SEVERITY_NAMES = Object.keys(LOG_SEVERITIES) as [LogSeverity, ...LogSeverity[]];

/** 3 → "error". */
export function severityOf(level: number): LogSeverity {
  return LOG_SEVERITY_NAMES.find((name) => level <= LOG_SEVERITIES[name]) ?? "debug";
}

export const MAX_LOG_MESSAGE = 8_192;
export const MAX_LOG_TOPICS = 12;

const LineNumber = z.number().int().min(0).max(2_147_483_647);

/** A line as it came from a router. */
export const LogLine = z.object({
  /** When it arrived: clocks of routers are not to be trusted. */
  at: z.iso.datetime(),
  /** Tells apart lines of one millisecond, in the order they came. */
  n: LineNumber,
  level: LogLevel,
  /** RouterOS topics without the severity: `["system", "account"]`. */
  topics: z.array(z.string().min(1).max(40)).max(MAX_LOG_TOPICS),
  message: z.string().max(MAX_LOG_MESSAGE),
  /** The time the router wrote, as text; absent in the format without a header. */
  deviceTime: z.string().max(64).nullable(),
  /** It tells of a login that TOD itself made: kept, but no event. */
  isOwn: z.boolean().optional(),
});
export type LogLine = z.infer<typeof LogLine>;

/** On the bus: lines of one device, and how many were not taken since the report before. */
export const LogReport = z.object({
  deviceId: z.uuid(),
  /** When it was made, and its place among the lines of that millisecond. */
  at: z.iso.datetime(),
  n: LineNumber,
  lines: z.array(LogLine).max(500),
  dropped: z.number().int().min(0),
});
export type LogReport = z.infer<typeof LogReport>;

/** A line as it is listed and streamed. */
export const StoredLogLine = z.object({
  /** Names it within the tenant. */
  id: z.string(),
  at: z.iso.datetime(),
  deviceId: z.uuid(),
  deviceName: z.string(),
  severity: z.enum(LOG_SEVERITY_NAMES),
  topics: z.array(z.string()),
  message: z.string(),
  deviceTime: z.string().nullable(),
});
export type StoredLogLine = z.infer<typeof StoredLogLine>;

/** Sent on `subjects.liveLog`: lines of one device that were just stored, oldest first. */
export const LiveLog = z.object({ lines: z.array(StoredLogLine) });
export type LiveLog = z.infer<typeof LiveLog>;

/** Topic of lines that TOD itself writes among a router's: that lines were not taken. */
export const OWN_TOPIC = "tod";
