import { z } from "zod";
import type { RunKind } from "./kind.ts";

export const LogParams = z.strictObject({
  /** Lines from before, so that one sees where one is. */
  before: z.int().min(0).max(500).default(100),
});
export type LogParams = z.infer<typeof LogParams>;

/** Rows: id, time (as the router writes it), severity, topics (comma-separated), message. */
export const log = {
  title: "Router's log",
  permission: "logs:read",
  target: "device",
  params: LogParams,
  output: "rows",
  maxSeconds: 3_600,
  // What was there before comes at once.
  maxRowsPerSecond: 600,
} as const satisfies RunKind;
