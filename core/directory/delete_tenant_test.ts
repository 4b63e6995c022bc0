import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { MemoryLocks } from "@/core/adapters/locks_memory.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { listPollTargets } from "@/core/devices/poll_targets.ts";
import { ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { DecryptFailed } from "@/core/ports/kms.ts";
import { PERMISSIONS, type Scope, type TenantId } from "@/core/scope.ts";
import { FakeClock } from "@/tests/support/clock.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { cancelDeletion, deleteTenant, requestDeletion } from "./delete_tenant.ts";
import { exportTenant } from "./export_tenant.ts";
import { findTenant } from "./find_tenant.ts";
import { createTenant, updateTenant } from "./tenants.ts";

const DAY_MS = 86_400_000;
const SECRET = "device-password-that-must-not-leave";

async function open() {
  const test = await openTestDb();
  const clock = new FakeClock();
  const deps = await openTestPlatform(test.db, [], {
    clock,
    locks: new MemoryLocks(() => clock.now()),
  });
  const boss = scopeOf(test.db, test.acme);
  const { tenant } = await createTenant(boss, deps, {
    ...{ name: "Initech", slug: "initech", adminName: "Bill", adminEmail: "bill@example.net" },
  });
  const within: Scope = { ...boss, tenantId: tenant.id as TenantId };
  const device = await addDevice(within, deps, {
    ...{ address: "192.0.2.1", username: "tod", password: SECRET, name: "=edge" },
    ...{ tlsMode: "pinned", region: "default" },
  });
  await ensureMetricPartitions(test.db, clock.now(), clock.now());
  await test.db.tenant(within.tenantId, (sql) =>
    sql`
    insert into health_samples (tenant_id, device_id, sampled_at, cpu_percent)
    values (${within.tenantId}, ${device.id}, ${new Date(clock.now())}, 5)`);
  return {
    ...{ ...test, deps, clock, boss, within, device, id: tenant.id },
    /** Rows of the tenant in every table that has tenants, as the superuser sees them. */
    async rowsLeft(): Promise<Record<string, number>> {
      const tables = await test.admin<{ name: string }[]>`
        select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and not c.relispartition and a.attname = 'tenant_id'`;
      const counts: Record<string, number> = {};
      for (const { name } of tables) {
        const [row] = await test.admin<{ n: number }[]>`
          select count(*)::int as n from ${test.admin(name)} where tenant_id = ${tenant.id}`;
        if (row!.n > 0) counts[name] = row!.n;
      }
      return counts;
    },
    async [Symbol.asyncDispose]() {
      await deps[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

async function read(pieces: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += piece;
  return text;
}

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name: `tenant deletion: ${name}`, sanitizeOps: false, sanitizeResources: false, fn });
const NAME = { slug: "initech" };

test("is asked for, exported, waited for, and then leaves not one row nor the key", async () => {
  await using all = await open();
  const { boss, deps, clock, id, db } = all;
  const sealed = await deps.kms.encrypt(all.within.tenantId, new Uint8Array([1]), "x");
  equal((await listPollTargets(db, "default"))[0]!.isEnabled, true);
  await rejects(deleteTenant(boss, deps, id, NAME), Conflict);
  const asked = await requestDeletion(boss, deps, id, NAME);
  equal(asked.isActive, false);
  equal((await listPollTargets(db, "default"))[0]!.isEnabled, false);
  clock.advance(DAY_MS);
  await rejects(deleteTenant(boss, deps, id, NAME), /export its data first/);
  await read(await exportTenant(boss, deps, id));
  await deleteTenant(boss, deps, id, NAME);
  deepEqual(await all.rowsLeft(), {});
  await rejects(deps.kms.decrypt(all.within.tenantId, sealed, "x"), DecryptFailed);
  await rejects(findTenant(boss, id), NotFound);
  const acts = await db.tenant(
    boss.tenantId,
    (sql) => sql<{ action: string }[]>`select action from audit_log order by seq`,
  );
  deepEqual(acts.map(({ action }) => action), [
    ...["tenant.deletion_requested", "tenant.exported", "tenant.deleted"],
  ]);
});

test("an export from before the request, or one that was cut off, does not count", async () => {
  await using all = await open();
  const { boss, deps, clock, id } = all;
  await read(await exportTenant(boss, deps, id));
  clock.advance(1_000);
  await requestDeletion(boss, deps, id, NAME);
  clock.advance(DAY_MS - 1);
  const cut = await exportTenant(boss, deps, id);
  await cut.next();
  await cut.return(undefined);
  await rejects(deleteTenant(boss, deps, id, NAME), /before/);
  clock.advance(1);
  await rejects(deleteTenant(boss, deps, id, NAME), /export its data first/);
});

test("an export has the rows of every page and no secret", async () => {
  await using all = await open();
  const { boss, deps, id, within, db } = all;
  await db.tenant(within.tenantId, (sql) =>
    sql`
    insert into events (tenant_id, at, kind, severity, message)
    select ${within.tenantId}, now() + i * interval '1 microsecond', 'note', 'info', 'event ' || i
    from generate_series(1, 2500) i`);
  const text = await read(await exportTenant(boss, deps, id));
  const lines = text.trimEnd().split("\n").map((one) => JSON.parse(one));
  equal(lines[0].tenant.slug, "initech");
  equal(lines.at(-1).rows, lines.length - 2);
  const events = lines.filter(({ table, row }) => table === "events" && row.kind === "note");
  equal(new Set(events.map(({ row }) => row.message)).size, 2_500);
  equal(lines.find(({ table }) => table === "devices").row.name, "=edge");
  ok(!text.includes(SECRET));
  // Bytes are what secrets are kept as: none may be there, in hex either.
  ok(!/"\\\\x[0-9a-f]/.test(text));
  ok(
    !lines.some(({ table }) =>
      /secret|credential|link|keys$/.test(table ?? "") && table !== "api_keys" &&
      table !== "secret_reads"
    ),
  );
});

test("can be cancelled, and the tenant resumed; not once the second step began", async () => {
  await using all = await open();
  const { boss, deps, clock, id } = all;
  await requestDeletion(boss, deps, id, NAME);
  await rejects(requestDeletion(boss, deps, id, NAME), Conflict);
  await rejects(updateTenant(boss, deps, id, { isActive: true }), /cancel that first/);
  equal((await cancelDeletion(boss, deps, id)).deletionRequestedAt, null);
  await rejects(cancelDeletion(boss, deps, id), Conflict);
  equal((await updateTenant(boss, deps, id, { isActive: true })).isActive, true);

  await requestDeletion(boss, deps, id, NAME);
  await read(await exportTenant(boss, deps, id));
  clock.advance(DAY_MS);
  // The KMS is away in the middle: nothing is deleted, the way back is closed, a second try goes through.
  const kms = Object.create(deps.kms, {
    destroy: { value: () => Promise.reject(new Error("away")) },
  });
  await rejects(deleteTenant(boss, { ...deps, kms }, id, NAME), /away/);
  await rejects(cancelDeletion(boss, deps, id), Conflict);
  ok((await findTenant(boss, id)).isDeletionFinal);
  await deleteTenant(boss, deps, id, NAME);
  deepEqual(await all.rowsLeft(), {});
});

test("needs the right name, the right, another tenant to stand in, and never the first tenant", async () => {
  await using all = await open();
  const { boss, deps, id, db, acme } = all;
  await rejects(requestDeletion(boss, deps, id, { slug: "acme" }), InvalidInput);
  const few = scopeOf(db, acme, PERMISSIONS.filter((one) => one !== "tenants:write"));
  await rejects(requestDeletion(few, deps, id, NAME), Forbidden);
  await rejects(exportTenant(few, deps, id), Forbidden);
  await rejects(deleteTenant(few, deps, id, NAME), Forbidden);
  await requestDeletion(boss, deps, id, NAME);
  await rejects(deleteTenant(all.within, deps, id, NAME), /work in/);
  const first =
    (await db.system((sql) => sql`select system_ensure_tenant('default', 'D') as id`))[0]!;
  await rejects(
    requestDeletion(boss, deps, first.id, { slug: "default" }),
    (error: Error) => (match(error.message, /runs this place/), true),
  );
});
