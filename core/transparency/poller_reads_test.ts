import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { openAuditTest } from "@/tests/support/audit.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { insertDevice } from "@/tests/support/devices.ts";
import { recordingLog, silentLog } from "@/tests/support/log.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { readCredential } from "@/core/devices/poll_targets.ts";
import type { Db } from "@/core/ports/db.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { PollerReads } from "./poller_reads.ts";

const MINUTE_MS = 60_000;

Deno.test("secret reads: a day of polls every five minutes is one row a device", async () => {
  await using test = await openAuditTest();
  const { db, acme, globex, admin } = test;
  const clock = new FakeClock();
  const reads = new PollerReads({ db, clock, log: silentLog }, "box");
  const devices = await Promise.all([acme, acme, globex].map((id) => insertDevice(test, id)));
  for (let poll = 0; poll < 288; poll++) {
    for (const [at, deviceId] of devices.entries()) {
      reads.note({ tenantId: at < 2 ? acme : globex, deviceId, purpose: "poll" });
    }
    if (poll % 12 === 11) await reads.flush();
    await clock.advance(5 * MINUTE_MS);
  }
  const rows = await admin<{ tenant: string; count: string; actor: string; last: Date }[]>`
    select tenant_id as tenant, count::text, actor, last_at as last from secret_reads order by 1`;
  deepEqual(rows.map(({ count }) => count), ["288", "288", "288"]);
  equal(rows.filter(({ tenant }) => tenant === acme).length, 2);
  equal(rows[0]!.actor, "poller:box");
  equal(rows[0]!.last.toISOString(), "2026-01-01T23:55:00.000Z");
  reads.note({ tenantId: acme, deviceId: devices[0]!, purpose: "poll" });
  await reads.flush();
  equal((await admin`select from secret_reads`).length, 4, "the next day is a row of its own");
});

Deno.test("secret reads: reading a credential is noted, failing to is not", async () => {
  await using test = await openAuditTest();
  const { db, acme, platform } = test;
  const device = await addDevice(scopeOf(db, acme), platform, {
    ...{ address: "192.0.2.1", username: "tod", password: "x", tlsMode: "plain" as const },
    region: "default",
  });
  const reads = new PollerReads({ db, clock: platform.clock, log: silentLog }, "box");
  const noted = { reads, purpose: "poll" as const };
  const target = { tenantId: acme, deviceId: device.id };
  equal((await readCredential(db, platform.kms, target, noted)).password, "x");
  equal(reads.waiting, 1);
  await platform.kms.destroy(acme);
  await rejects(readCredential(db, platform.kms, target, noted), /Cannot decrypt/);
  await reads.flush();
  const [row] = await test.admin`select count::text, purpose, secret, device_id from secret_reads`;
  deepEqual({ ...row }, {
    ...{ count: "1", purpose: "poll", secret: "device.credential", device_id: device.id },
  });
});

Deno.test("secret reads: a database that is away loses nothing; the poller never waits for it", async () => {
  await using test = await openAuditTest();
  const { acme, db } = test;
  const clock = new FakeClock();
  const log = recordingLog();
  let isAway = true;
  const flaky = {
    poller: (work: Parameters<Db["poller"]>[0]) =>
      isAway ? Promise.reject(new Error("away")) : db.poller(work),
  } as Db;
  const reads = new PollerReads({ db: flaky, clock, log }, "box");
  const deviceId = await insertDevice(test, acme);
  const stop = new AbortController();
  const running = reads.run(stop.signal);
  for (let i = 0; i < 5; i++) {
    reads.note({ tenantId: acme, deviceId, purpose: "poll" });
    await clock.advance(10_000);
  }
  equal(log.lines.filter(({ level }) => level === "warn").length, 5);
  equal(reads.waiting, 1);
  isAway = false;
  stop.abort();
  await running;
  await reads.flush();
  const [row] = await test.admin`select count::text, first_at, last_at from secret_reads`;
  equal(row!["count"], "5");
  equal(row!["last_at"] - row!["first_at"], 40_000);
});

Deno.test("secret reads: two pollers at once add up, in whatever order they write", async () => {
  await using test = await openAuditTest();
  const { db, acme, admin } = test;
  const devices = await Promise.all(Array.from({ length: 40 }, () => insertDevice(test, acme)));
  const clock = new FakeClock();
  await Promise.all(["a", "a", "b"].map(async (name, at) => {
    for (let round = 0; round < 5; round++) {
      const reads = new PollerReads({ db, clock, log: silentLog }, name);
      for (const deviceId of at === 1 ? devices.toReversed() : devices) {
        reads.note({ tenantId: acme, deviceId, purpose: "poll" });
      }
      await reads.flush();
      equal(reads.waiting, 0);
    }
  }));
  const rows = await admin<{ actor: string; count: string }[]>`
    select actor, count::text from secret_reads`;
  equal(rows.length, 80);
  ok(rows.every(({ actor, count }) => count === (actor === "poller:a" ? "10" : "5")));
});

Deno.test("secret reads: a poller adds for devices there are, as a poller, and reads nothing", async () => {
  await using test = await openAuditTest();
  const { db, acme, globex, admin } = test;
  const deviceId = await insertDevice(test, acme);
  const add = (tenant: string, device: string, actor: string, purpose: string) =>
    db.poller((sql) =>
      sql`
        select poller_note_secret_reads(array[${tenant}]::uuid[], array[${device}]::uuid[],
          array[${actor}]::text[], array[${purpose}]::text[], array[1]::bigint[],
          array[now()], array[now()])`
    );
  await rejects(add(acme, deviceId, "user:1", "poll"), /anybody but a poller/);
  await rejects(add(acme, deviceId, "poller:x", "audit.view"), /anybody but a poller/);
  await add(globex, deviceId, "poller:x", "poll");
  await add(acme, crypto.randomUUID(), "poller:x", "poll");
  equal((await admin`select from secret_reads`).length, 0, "a device of that tenant only");
  await add(acme, deviceId, "poller:x", "command");
  for (
    const statement of [
      "select from secret_reads",
      "insert into secret_reads (tenant_id) select null where false",
      "delete from secret_reads",
      "select system_prune_secret_reads(now())",
    ]
  ) {
    await rejects(db.poller((sql) => sql.unsafe(statement)), /permission denied/, statement);
  }
  await rejects(db.tenant(acme, (sql) => sql`delete from secret_reads`), /permission denied/);
  await rejects(
    db.tenant(acme, (sql) => sql`update secret_reads set actor = 'user:1'`),
    /permission denied/,
  );
});

Deno.test("secret reads: old counts end, the last 90 days never", async () => {
  await using test = await openAuditTest();
  const { db, acme, admin } = test;
  for (const days of [10, 89, 120, 500]) {
    await admin`
      insert into secret_reads (tenant_id, bucket, actor, purpose, secret, count, first_at, last_at)
      values (${acme}, now() - make_interval(days => ${days}), 'system:x', 'x', 'x', 1, now(), now())`;
  }
  const prune = (days: number) =>
    db.system((sql) =>
      sql`select system_prune_secret_reads(now() - make_interval(days => ${days})) as pruned`
    ).then(([row]) => Number(row!["pruned"]));
  equal(await prune(400), 1);
  equal(await prune(0), 1);
  equal((await admin`select from secret_reads`).length, 2);
});
