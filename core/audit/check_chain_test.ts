import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { type AuditTest, openAuditTest, writeEntries } from "@/tests/support/audit.ts";
import { checkChain } from "./check_chain.ts";
import { hashRow } from "./chain.ts";
import { chainColumns, type StoredRow } from "./stored_row.ts";

const check = ({ db, acme }: AuditTest, options = {}) =>
  checkChain(db, acme, { nowMs: 0, ...options });

/** As the owner who switches the triggers off: what grants and triggers cannot stop. */
async function asOwner(test: AuditTest, sql: string): Promise<void> {
  await test.admin.begin(async (owner) => {
    await owner`set local session_replication_role = replica`;
    await owner.unsafe(sql).simple();
  });
}

/** Recomputes a row's hash, so that it is consistent in itself. */
async function rehash({ admin, acme }: AuditTest, seq: number): Promise<string> {
  const [row] = await admin<StoredRow[]>`
    select ${chainColumns(admin as never)} from audit_log l
    where l.tenant_id = ${acme} and l.seq = ${seq}`;
  return hashRow(row!);
}

Deno.test("audit check: a whole chain; then only what is new, and a part of what is old", async () => {
  await using test = await openAuditTest();
  deepEqual(await check(test), {
    rows: 0,
    checked: { seq: "0", hash: "0".repeat(64) },
    problem: undefined,
  });
  await writeEntries(test, test.acme, 100);
  const first = await check(test, { oldRows: 30 });
  deepEqual([first.rows, first.checked.seq, first.problem], [100, "100", undefined]);
  await writeEntries(test, test.acme, 5);
  const second = await check(test, { oldRows: 30 });
  deepEqual([second.rows, second.checked.seq, second.problem], [35, "105", undefined]);
  const third = await check(test, { newRows: 1, oldRows: 200 });
  deepEqual([third.rows, third.checked.seq], [75, "105"]);
});

const TAMPERINGS: [name: string, tamper: (test: AuditTest) => Promise<void>, seq: string][] = [
  [
    "a changed row",
    (t) => asOwner(t, "update audit_log set actor = 'user:9' where seq = 7"),
    "7",
  ],
  [
    "a row changed by a microsecond",
    (t) => asOwner(t, "update audit_log set at = at + interval '1 us' where seq = 7"),
    "7",
  ],
  [
    "a row changed and hashed anew",
    async (t) => {
      await asOwner(t, "update audit_log set actor = 'user:9' where seq = 7");
      await asOwner(t, `update audit_log set hash = '\\x${await rehash(t, 7)}' where seq = 7`);
    },
    "8",
  ],
  [
    "the last row changed and hashed anew",
    async (t) => {
      await asOwner(t, "update audit_log set actor = 'user:9' where seq = 20");
      await asOwner(t, `update audit_log set hash = '\\x${await rehash(t, 20)}' where seq = 20`);
    },
    "20",
  ],
  ["a removed row", (t) => asOwner(t, "delete from audit_log where seq = 7"), "7"],
  [
    "a row removed and the rest moved up",
    async (t) => {
      await asOwner(t, "delete from audit_log where seq = 7");
      for (let seq = 8; seq <= 20; seq++) {
        await asOwner(t, `update audit_log set seq = ${seq - 1} where seq = ${seq}`);
      }
    },
    "7",
  ],
  [
    "an inserted row",
    (t) =>
      asOwner(
        t,
        `insert into audit_log select tenant_id, 21, chain, gen_random_uuid(), at, actor, action,
           target_kind, target_id, outcome, request_id, label_sha256, ip_sha256, details_sha256,
           hash, hash from audit_log where seq = 20;
         update audit_heads set seq = 21`,
      ),
    "21",
  ],
  [
    "two rows exchanged",
    (t) =>
      asOwner(
        t,
        `update audit_log set seq = 99 where seq = 7; update audit_log set seq = 7 where seq = 8;
         update audit_log set seq = 8 where seq = 99`,
      ),
    "7",
  ],
  ["the tail cut off", (t) => asOwner(t, "delete from audit_log where seq > 15"), "16"],
  [
    "the tail cut off and the head moved back",
    async (t) => {
      await asOwner(t, "delete from audit_log where seq > 15");
      await asOwner(
        t,
        "update audit_heads set seq = 15, hash = (select hash from audit_log where seq = 15)",
      );
    },
    "16",
  ],
  ["everything emptied", (t) => asOwner(t, "delete from audit_log; delete from audit_heads"), "1"],
];

for (const [name, tamper, seq] of TAMPERINGS) {
  Deno.test(`audit check: ${name} is found in the database`, async () => {
    await using test = await openAuditTest();
    await writeEntries(test, test.acme, 20);
    equal((await check(test)).problem, undefined);
    await tamper(test);
    const { problem } = await check(test);
    equal(problem?.seq, seq, problem?.reason);
    const [kept] = await test.admin`select broken_seq::text as seq from audit_checks`;
    equal(kept!["seq"], seq, "and told to whoever looks");
  });
}

Deno.test("audit: neither app_user nor a slip of the owner changes, removes or empties", async () => {
  await using test = await openAuditTest();
  const { db, acme, admin } = test;
  await writeEntries(test, acme, 3);
  for (
    const statement of [
      "update audit_log set actor = 'user:9'",
      "delete from audit_log",
      "truncate audit_log cascade",
      "delete from audit_private",
      "update audit_private set ip = '203.0.113.9'",
      "update audit_private set details = '\\x00' where details is null",
      "update audit_heads set seq = 1",
    ]
  ) {
    await rejects(
      db.tenant(acme, (sql) => sql.unsafe(statement)),
      // What app_user must be granted for its work, a trigger binds.
      /^update audit_(private|heads)/.test(statement)
        ? /only be erased|Cannot move/
        : /permission denied/,
      statement,
    );
    await rejects(
      admin.unsafe(statement),
      /append-only|only be erased|Cannot move/,
      `owner: ${statement}`,
    );
  }
  for (
    const table of ["audit_log", "audit_private", "audit_heads", "audit_names", "secret_reads"]
  ) {
    await rejects(db.poller((sql) => sql`select from ${sql(table)}`), /permission denied/);
  }
  await admin`delete from tenants where id = ${acme}`; // a tenant's end takes its log along
  equal((await admin`select from audit_log`).length, 0);
});

Deno.test("audit: one tenant neither reads nor writes another's chain", async () => {
  await using test = await openAuditTest();
  const { db, acme, globex } = test;
  await writeEntries(test, acme, 3);
  await db.tenant(globex, async (sql) => {
    for (const table of ["audit_log", "audit_private", "audit_heads"]) {
      equal((await sql`select from ${sql(table)}`).length, 0);
    }
  });
  await rejects(
    db.tenant(
      globex,
      (sql) =>
        sql`insert into audit_heads (tenant_id, hash) values (${acme}, ${new Uint8Array(32)})`,
    ),
    /row-level security/,
  );
  const { problem, rows } = await checkChain(db, globex, { nowMs: 0 });
  deepEqual([problem, rows], [undefined, 0]);
});

Deno.test("audit check: a head that went back is found at once, whatever is read again", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 20);
  await check(test, { oldRows: 5 });
  await asOwner(test, "delete from audit_log where seq > 15; update audit_heads set seq = 15");
  equal((await check(test, { oldRows: 5 })).problem?.seq, "16");
});

Deno.test("audit check: the reason is told in words", async () => {
  await using test = await openAuditTest();
  await writeEntries(test, test.acme, 5);
  await asOwner(test, "delete from audit_log where seq = 3");
  match((await check(test)).problem!.reason, /row 3 is missing/);
});
