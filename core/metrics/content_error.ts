import { messageOf } from "@/core/errors.ts";

/** Classes of SQLSTATE that the same data meets again for ever: bad data, broken constraint. */
export function isContentError(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  // 23514 is also "no partition for this row", which making the partition cures.
  return typeof code === "string" && /^2[23][0-9A-Z]{3}$/.test(code) &&
    !messageOf(error).startsWith("no partition of relation");
}
