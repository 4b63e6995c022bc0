import { deepEqual, equal, ok } from "node:assert/strict";
import { openAuditTest } from "@/tests/support/audit.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { checkChain } from "./check_chain.ts";
import { exportAudit } from "./export_audit.ts";
import { forgetUser, nameActor } from "./forget.ts";
import { readExport } from "./read_export.ts";
import { recordAuditApart } from "./record.ts";
import { verifyExport } from "./verify_export.ts";

Deno.test("audit: a forgotten user leaves no trace of who he was, and the chain holds", async () => {
  await using test = await openAuditTest();
  const { db, acme, globex, platform } = test;
  const entry = { outcome: "ok" as const, ip: "192.0.2.66" };
  const self = { kind: "user", id: "7", label: "jane@example.org" };
  for (const tenant of [acme, globex]) {
    await db.tenant(tenant, (sql) => nameActor(sql, tenant, "user:7", "Jane Doe"));
    await recordAuditApart(db, platform.kms, tenant, [
      { ...entry, actor: "user:7", action: "device.added", details: { port: 1 } },
      { ...entry, actor: "key:k1", action: "device.changed" },
      {
        ...entry,
        actor: "user:1",
        action: "user.role_changed",
        target: self,
        details: { email: "jane@example.org" },
      },
      {
        ...entry,
        ...{ actor: "anonymous", action: "login.failed", outcome: "refused" },
        target: { kind: "user", id: "unknown", label: "jane@example.org" },
        details: { userAgent: "Jane's browser" },
      },
      {
        ...entry,
        ...{ actor: "user:7", action: "login.succeeded", target: { kind: "session", id: "s1" } },
        details: { userAgent: "Jane's browser" },
      },
      { ...entry, actor: "user:8", action: "device.added", ip: "192.0.2.8" },
    ]);
  }
  const forgotten = await db.tenant(
    acme,
    (sql) => forgetUser(sql, acme, "7", { keyIds: ["k1"], labels: ["jane@example.org"] }),
  );
  deepEqual(forgotten, { names: 1, addresses: 5, labels: 2, details: 3 });

  const all = async (tenant: typeof acme) =>
    (await Array.fromAsync(await exportAudit(scopeOf(db, tenant), platform, "jsonl"))).join("");
  const text = await all(acme);
  ok(!/jane|192\.0\.2\.66/i.test(text), "nothing tells who it was");
  ok(text.includes("user:7") && text.includes("192.0.2.8"), "the rest stands");
  equal((await all(globex)).match(/jane/gi)!.length >= 3, true, "another tenant's log is its own");

  const report = await verifyExport(readExport((async function* () {
    yield text;
  })()));
  deepEqual([report.problem, report.absent], [undefined, 10]);
  equal((await checkChain(db, acme, { nowMs: 0 })).problem, undefined);
});
