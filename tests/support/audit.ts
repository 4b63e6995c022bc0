import type { Platform } from "@/core/platform.ts";
import type { TenantId } from "@/core/scope.ts";
import { recordAuditApart } from "@/core/audit/record.ts";
import { openTestDb, type TestDb } from "./databases.ts";
import { openTestPlatform } from "./platform.ts";

export interface AuditTest extends TestDb {
  readonly platform: Platform;
}

/** A database of its own with the platform over it. */
export async function openAuditTest(args: string[] = []): Promise<AuditTest> {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db, args);
  return {
    ...test,
    platform,
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** Writes `count` entries that differ: with and without label, address and details. */
export async function writeEntries(
  { db, platform }: AuditTest,
  tenantId: TenantId,
  count: number,
  start = Date.parse("2026-01-01T00:00:00Z"),
): Promise<void> {
  const entries = Array.from({ length: count }, (_, i) => ({
    at: new Date(start + i * 60_000),
    actor: `user:${i % 3}`,
    action: i % 5 === 4 ? "login.failed" : "device.changed",
    outcome: i % 5 === 4 ? "refused" as const : "ok" as const,
    ...(i % 5 !== 4 && { target: { kind: "device", id: `d${i % 4}`, label: `=router, "${i}"\n` } }),
    ...(i % 2 === 0 && { ip: `192.0.2.${i % 250}`, details: { i, text: "ключ 🎉" } }),
    requestId: `r-${i}`,
  }));
  for (let at = 0; at < count; at += 200) {
    await recordAuditApart(db, platform.kms, tenantId, entries.slice(at, at + 200));
  }
}
