import { z } from "zod";

/** What the API asks a poller for, over `subjects.deviceExport`: the configuration of one device. */
export const ExportRequest = z.object({ deviceId: z.uuid() });

export const EXPORT_FAILURES = [
  "connection_refused",
  "connect_timeout",
  "connection_lost",
  "no_answer",
  "host_key_changed",
  "login_refused",
  "no_credential",
  "too_large",
  "refused",
  "truncated",
  "empty",
  "unreadable",
  "busy",
  "failed",
] as const;
export const ExportFailure = z.enum(EXPORT_FAILURES);
export type ExportFailure = z.infer<typeof ExportFailure>;

/** The answer; the text travels compressed, in base64. */
export const ExportAnswer = z.discriminatedUnion("ok", [
  z.object({
    ok: z.literal(true),
    gzip: z.base64(),
    /** SHA-256 of the SSH host key that was shown, lower-case hex. */
    hostKey: z.string(),
  }),
  z.object({ ok: z.literal(false), reason: ExportFailure, detail: z.string() }),
]);
export type ExportAnswer = z.infer<typeof ExportAnswer>;
