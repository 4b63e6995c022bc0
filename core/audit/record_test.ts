import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { Unavailable } from "@/core/errors.ts";
import type { Kms } from "@/core/ports/kms.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { type AuditEntry, recordAudit, recordAuditApart } from "./record.ts";

const ENTRY: AuditEntry = {
  actor: "user:1",
  action: "site.renamed",
  target: { kind: "site", id: "7", label: "North" },
  outcome: "ok",
  requestId: "r-1",
  ip: "192.0.2.1",
  details: { from: "Nord", to: "North" },
};

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  return {
    ...test,
    kms: platform.kms,
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("audit: three writers at once leave no gap, and each row follows the one before", async () => {
  await using test = await open();
  const { db, kms, acme, admin } = test;
  const write = async (writer: number) => {
    for (let i = 0; i < 200; i++) {
      await db.tenant(
        acme,
        (sql) => recordAudit(sql, kms, acme, { ...ENTRY, actor: `user:${writer}`, details: { i } }),
      );
    }
  };
  await Promise.all([1, 2, 3].map(write));
  const rows = await admin<{ seq: string; prev: string; hash: string }[]>`
    select seq::text, encode(prev_hash, 'hex') as prev, encode(hash, 'hex') as hash
    from audit_log where tenant_id = ${acme} order by audit_log.seq`;
  deepEqual(rows.map(({ seq }) => seq), Array.from({ length: 600 }, (_, i) => String(i + 1)));
  let before = "0".repeat(64);
  for (const { prev, hash } of rows) {
    equal(prev, before);
    before = hash;
  }
  const [head] = await admin`select seq::text, encode(hash, 'hex') as hash from audit_heads`;
  deepEqual({ ...head }, { seq: "600", hash: before });
});

Deno.test("audit: an act whose audit cannot be written does not happen", async () => {
  await using test = await open();
  const { db, acme } = test;
  const dead = { encrypt: () => Promise.reject(new Unavailable("KMS away")) } as unknown as Kms;
  await rejects(
    db.tenant(acme, async (sql) => {
      await sql`update tenants set name = 'Other'`;
      await recordAudit(sql, dead, acme, ENTRY);
    }),
    /KMS away/,
  );
  const [tenant] = await test.admin`select name from tenants where id = ${acme}`;
  equal(tenant!["name"], "Acme");
  equal((await test.admin`select from audit_log`).length, 0);
});

Deno.test("audit: more acts at once than the pool has connections, with no key in memory yet", async () => {
  await using test = await open();
  const { db, kms, acme, admin } = test;
  await Promise.all(
    Array.from({ length: 30 }, () => db.tenant(acme, (sql) => recordAudit(sql, kms, acme, ENTRY))),
  );
  equal((await admin`select from audit_log`).length, 30);
});

Deno.test("audit: an entry of no proper form is the caller's mistake", async () => {
  await using test = await open();
  const { db, kms, acme } = test;
  for (
    const [change, message] of [
      [{ actor: "None" }, /Cannot audit this actor/],
      [{ actor: "" }, /Cannot audit this actor/],
      [{ actor: "user:" }, /Cannot audit this actor/],
      [{ action: "Login" }, /Cannot audit this action/],
      [{ at: new Date("x") }, /at no time/],
    ] as const
  ) {
    await rejects(recordAuditApart(db, kms, acme, [{ ...ENTRY, ...change }]), message);
  }
  equal((await test.admin`select from audit_log`).length, 0);
});

Deno.test("audit: secrets, NUL and half characters do not reach the database; details are encrypted", async () => {
  await using test = await open();
  const { db, kms, acme, admin } = test;
  await recordAuditApart(db, kms, acme, [{
    ...ENTRY,
    target: { kind: "site", id: "7", label: "a\0b\ud800" },
    details: { note: "visible-word", nested: { list: [{ password: "hunter2" }] } },
  }]);
  const [row] = await admin`
    select encode(details, 'escape') as sealed, details, target_label, entry_id::text
    from audit_private join audit_log using (tenant_id, seq)`;
  equal(row!["target_label"], "ab\ufffd");
  ok(!row!["sealed"].includes("visible-word"), "encrypted");
  const clear = await kms.decrypt(acme, row!["details"], `audit:${row!["entry_id"]}`);
  const text = new TextDecoder().decode(clear.subarray(16));
  match(text, /visible-word/);
  ok(!text.includes("hunter2"), text);
  await rejects(kms.decrypt(acme, row!["details"], "audit:another"), /Cannot decrypt/);
});
