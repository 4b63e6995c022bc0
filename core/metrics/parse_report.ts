import { PollReport } from "@/core/contract/sample.ts";
import type { Message } from "@/core/ports/bus.ts";
import { parseReportSubject } from "@/core/subjects.ts";
import type { TenantId } from "@/core/scope.ts";

export type DropReason =
  | "bad_subject"
  | "bad_message"
  | "wrong_device"
  | "unknown_device"
  | "too_old"
  | "from_future"
  | "refused_by_database";

export interface ParsedReport {
  tenantId: TenantId;
  report: PollReport;
  /** When the poll began or the status was decided, ms since the epoch. */
  atMs: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What jsonb and text refuse: NUL, and halves of a surrogate pair. Rare, so looked for first. */
const UNSTORABLE = /\\u(0000|d[89a-f])/i;
const FUTURE_MS = 10 * 60_000;
const decoder = new TextDecoder();

/**
 * A report as it may be stored, or the reason it may not. Tenant and device come from the subject; a
 * message that names another device is refused.
 */
export function parseReport(
  message: Message,
  { nowMs, oldestMs }: { nowMs: number; oldestMs: number },
): ParsedReport | { drop: DropReason; detail: string } {
  const route = parseReportSubject(message.subject);
  if (!route || !UUID.test(route.tenantId) || !UUID.test(route.deviceId)) {
    return { drop: "bad_subject", detail: message.subject.slice(0, 200) };
  }
  let value: unknown;
  try {
    const text = decoder.decode(message.data);
    value = JSON.parse(text, UNSTORABLE.test(text) ? storable : undefined);
  } catch (error) {
    return { drop: "bad_message", detail: (error as Error).message.slice(0, 200) };
  }
  const parsed = PollReport.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return { drop: "bad_message", detail: `${path.join(".")}: ${message}`.slice(0, 200) };
  }
  const report = parsed.data;
  if (report.deviceId !== route.deviceId) {
    return { drop: "wrong_device", detail: report.deviceId };
  }
  const at = report.kind === "sample" ? report.sampledAt : report.at;
  const atMs = Date.parse(at);
  if (atMs > nowMs + FUTURE_MS) return { drop: "from_future", detail: at };
  if (atMs < oldestMs) return { drop: "too_old", detail: at };
  return { tenantId: route.tenantId, report, atMs };
}

function storable(_: string, value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "").toWellFormed() : value;
}
