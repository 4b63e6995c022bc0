import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import type { AuditRow } from "@/core/contract/audit.ts";
import type { Db, Sql } from "@/core/ports/db.ts";
import type { TenantId } from "@/core/scope.ts";
import { type AuditTest, openAuditTest, writeEntries } from "@/tests/support/audit.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { forgetUser, nameActor } from "./forget.ts";
import { getAuditEntry } from "./get_audit_entry.ts";
import { type AuditQuery, listAudit } from "./list_audit.ts";
import { recordAuditApart } from "./record.ts";

const seqs = (items: readonly AuditRow[]) => items.map(({ seq }) => Number(seq));

Deno.test("audit list: pages, newest first, each entry once", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 45);
  // All in one instant: the sequence decides.
  await recordAuditApart(
    test.db,
    test.platform.kms,
    test.acme,
    Array.from({ length: 5 }, () => ({
      ...{ at: new Date("2026-02-01T00:00:00Z"), actor: "system:x", action: "x.y" },
      outcome: "ok" as const,
    })),
  );
  const scope = scopeOf(test.db, test.acme);
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAudit(scope, { limit: 12, cursor });
    seen.push(...seqs(page.items));
    equal(page.chain.headSeq, "50");
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  deepEqual(seen, Array.from({ length: 50 }, (_, i) => 50 - i));
  const empty = await listAudit(scopeOf(test.db, test.globex));
  deepEqual([empty.items, empty.nextCursor, empty.chain.headSeq], [[], null, "0"]);
  await rejects(listAudit(scope, { cursor: "AAAA" }), /Cannot continue this list/);
  await rejects(listAudit(scopeOf(test.db, test.acme, ["audit:export"])), /audit:read/);
});

const FILTERS: [filter: AuditQuery, expected: number[]][] = [
  [{ action: "login" }, [20, 15, 10, 5]],
  [{ action: "login.failed", outcome: "refused" }, [20, 15, 10, 5]],
  [{ action: "logi_" }, []],
  [{ outcome: "refused", actor: "user:1" }, [5, 20].toReversed()],
  [{ targetKind: "device", targetId: "d3" }, [16, 12, 8, 4]],
  [{ from: "2026-01-01T00:17:00Z" }, [20, 19, 18]],
  [{ from: "2026-01-01T01:17:00+01:00", to: "2026-01-01T00:19:00.000Z" }, [19, 18]],
  [{ to: "2026-01-01T00:00:00Z" }, []],
  [{ q: 'ROUTER, "7"' }, [8]],
  [{ q: "r-1", outcome: "ok", actor: "user:1" }, [17, 14, 11, 2]],
  [{ q: "%" }, []],
  [{ q: "jane" }, [19, 16, 13, 10, 7, 4, 1]],
];

Deno.test("audit list: filters", async (t) => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 20);
  const { db, acme } = test;
  await db.tenant(acme, (sql) => nameActor(sql, acme, "user:0", "Jane Doe"));
  for (const [filter, expected] of FILTERS) {
    await t.step(JSON.stringify(filter), async () => {
      const { items } = await listAudit(scopeOf(db, acme), filter);
      deepEqual(seqs(items), expected);
    });
  }
});

Deno.test("audit list: a search goes through a long log in parts, and misses nothing", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 40);
  const scope = scopeOf(test.db, test.acme);
  for (const searched of [1, 7, 20, 39, 40, 41]) {
    const seen: number[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const query = { q: "login", outcome: "refused" as const, limit: 3, cursor };
      const page = await listAudit(scope, query, { searched });
      seen.push(...seqs(page.items));
      cursor = page.nextCursor ?? undefined;
      pages += 1;
    } while (cursor);
    deepEqual(seen, [40, 35, 30, 25, 20, 15, 10, 5], `${searched} at a time`);
    ok(pages >= 8 / Math.min(searched, 3));
  }
  const far = { q: "r-0", action: "device.changed", limit: 50 };
  deepEqual((await listAudit(scope, far, { searched: 10 })).items, []);
});

async function addUser({ admin, acme }: AuditTest, email: string): Promise<string> {
  const [row] = await admin`
    insert into users (tenant_id, email, name, role)
    values (${acme}, ${email}, 'Jane Doe', 'viewer') returning id`;
  return row!["id"];
}

Deno.test("audit list: a user is shown by name until forgotten", async () => {
  await using test = await openAuditTest();
  const { db, acme, platform } = test;
  const id = await addUser(test, "jane@example.org");
  await recordAuditApart(db, platform.kms, acme, [{
    ...{ actor: `user:${id}`, action: "login.succeeded", outcome: "ok", ip: "192.0.2.1" },
    target: { kind: "user", id, label: "jane@example.org" },
    details: { x: 1 },
  }]);
  const scope = scopeOf(db, acme);
  const [row] = (await listAudit(scope, { q: "JANE@example" })).items;
  deepEqual([row!.actorName, row!.ip], ["Jane Doe", "192.0.2.1"]);
  await test.admin`delete from users where id = ${id}`;
  await db.tenant(acme, (sql) => forgetUser(sql, acme, id));
  const { items } = await listAudit(scope);
  deepEqual([items[0]!.actorName, items[0]!.ip, items[0]!.targetLabel], [null, null, null]);
  const entry = await getAuditEntry(scope, platform, "1");
  deepEqual([entry.detailsState, entry.details, entry.isWhole], ["erased", null, true]);
});

Deno.test("audit entry: details in the clear, counted; what was changed is told", async () => {
  await using test = await openAuditTest();
  const { db, acme, globex, platform, admin } = test;
  await writeEntries(test, acme, 5);
  const scope = { ...scopeOf(db, acme), requestId: "r-9" };
  const entry = await getAuditEntry(scope, platform, "1");
  deepEqual(entry.details, { i: 0, text: "ключ 🎉" });
  deepEqual([entry.detailsState, entry.isWhole, entry.ip], ["readable", true, "192.0.2.0"]);
  equal((await getAuditEntry(scope, platform, "2")).detailsState, "none");
  await getAuditEntry(scope, platform, "3");
  const reads = await admin`
    select actor, purpose, secret, count::text, last_request_id as request from secret_reads`;
  deepEqual(reads.map((row) => ({ ...row })), [{
    ...{ actor: "user:test", purpose: "audit.view", secret: "audit.details" },
    ...{ count: "2", request: "r-9" },
  }]);
  for (const seq of ["6", "0", "x", "1'", "9".repeat(30)]) {
    await rejects(getAuditEntry(scope, platform, seq), /Cannot find this audit entry/);
  }
  await rejects(
    getAuditEntry(scopeOf(db, globex), platform, "1"),
    /Cannot find this audit entry/,
  );
  await admin.begin(async (owner) => {
    await owner`set local session_replication_role = replica`;
    await owner`update audit_private set target_label = 'other' where seq = 1`;
  });
  equal((await getAuditEntry(scope, platform, "1")).isWhole, false);
  await platform.kms.destroy(acme);
  const lost = await getAuditEntry(scope, platform, "3");
  deepEqual([lost.detailsState, lost.isWhole], ["unreadable", true]);
});

Deno.test("audit list: a page of a long log is read by index", async () => {
  await using test = await openAuditTest();
  const { db, acme, admin } = test;
  await admin`
    insert into audit_log (tenant_id, seq, entry_id, at, actor, action, target_kind, target_id,
      outcome, prev_hash, hash)
    select ${acme}, i, gen_random_uuid(), '2026-01-01'::timestamptz + i * interval '1 second',
      'user:' || i % 50, case when i % 20000 = 0 then 'role.deleted' else 'device.changed' end,
      'device', (i % 500)::text, case when i % 9999 = 0 then 'refused' else 'ok' end,
      sha256('x'), sha256('x')
    from generate_series(1, 100000) i`;
  await admin`analyze audit_log`;
  for (
    const query of [
      {},
      { actor: "user:7" },
      { action: "role" },
      { targetKind: "device", targetId: "77" },
      { outcome: "refused" as const },
      { from: "2026-01-01T05:00:00Z", to: "2026-01-01T05:01:00Z" },
    ]
  ) {
    const { items, rowsRead } = await counting(
      db,
      (counted) => listAudit(scopeOf(counted, acme), { ...query, limit: 50 }),
    );
    ok(items.length > 0, JSON.stringify(query));
    ok(rowsRead < 1_000, `${JSON.stringify(query)} looked at ${rowsRead} rows`);
  }
  const { rowsRead } = await counting(
    db,
    (counted) => listAudit(scopeOf(counted, acme), { q: "nowhere" }),
  );
  ok(rowsRead >= 100_000, "text is looked for in every entry: the counting counts");
});

/** How many rows of audit_log the last transaction of `work` touched, by scan or by index. */
async function counting<T extends object>(db: Db, work: (db: Db) => Promise<T>) {
  let rowsRead = 0;
  const counted = {
    tenant: (id: TenantId, inner: (sql: Sql) => Promise<unknown>) =>
      db.tenant(id, async (sql) => {
        const result = await inner(sql);
        const [row] = await sql`
          select (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as read
          from pg_stat_xact_user_tables where relname = 'audit_log'`;
        rowsRead = row!["read"];
        return result;
      }),
  } as Db;
  return { ...await work(counted), rowsRead };
}
