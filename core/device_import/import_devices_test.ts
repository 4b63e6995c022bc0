import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { listAudit } from "@/core/audit/list_audit.ts";
import { csvRecords } from "@/core/csv.ts";
import { exportDevices } from "@/core/devices/export_devices.ts";
import { listDevices } from "@/core/devices/list_devices.ts";
import { Forbidden } from "@/core/errors.ts";
import { openTestDb } from "@/tests/support/databases.ts";
import { openTestPlatform } from "@/tests/support/platform.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { importDevices } from "./import_devices.ts";

const LOGIN = { username: "tod", password: "a secret of tests" };

async function open() {
  const test = await openTestDb();
  const platform = await openTestPlatform(test.db);
  const scope = scopeOf(test.db, test.acme);
  return {
    ...test,
    ...{ platform, scope },
    take: (text: string, more: { dryRun?: boolean } = {}) =>
      importDevices(scope, platform, { text, defaults: LOGIN, ...more }),
    count: async () => (await listDevices(scope, { limit: 1 })).total,
    async [Symbol.asyncDispose]() {
      await platform[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** 5,000 lines below a head; every bad one is bad in one of seven ways. */
function inventory(): { text: string; bad: number[] } {
  const lines = ["address,name,port,tls mode,poll interval"];
  const bad: number[] = [];
  const wrong = [
    "300.1.1.1,broken,,,",
    ",nobody,,,",
    "10.9.0.1,port,70000,,",
    "10.9.0.2,port,eighty,,",
    "10.9.0.3,mode,,rot13,",
    "10.9.0.4,often,,,1",
    "10.0.0.0,twice,,,",
  ];
  for (let n = 0; n < 5_000; n += 1) {
    if (n % 135 === 134) {
      bad.push(lines.length + 1);
      lines.push(wrong[bad.length % wrong.length]!);
    } else {
      lines.push(`10.${n >> 16}.${n >> 8 & 255}.${n & 255},"Router ""${n}""",,,60`);
    }
  }
  return { text: lines.join("\r\n"), bad };
}

Deno.test("importDevices() adds 4,963 of 5,000 rows, says why of 37, and adds none again", async () => {
  await using site = await open();
  const { text, bad } = inventory();
  equal(bad.length, 37);

  const plan = await site.take(text, { dryRun: true });
  deepEqual(plan.counts, { add: 4_963, added: 0, present: 0, bad: 37 });
  equal(await site.count(), 0);

  const first = await site.take(text);
  deepEqual(first.counts, { add: 0, added: 4_963, present: 0, bad: 37 });
  equal(await site.count(), 4_963);
  deepEqual(
    first.rows.filter(({ result }) => result === "bad").map(({ line }) => line),
    bad,
  );
  const reasons = first.rows.filter(({ result }) => result === "bad").map(({ reason }) => reason!);
  ok(reasons.every((reason) => reason.length > 5));
  ok(reasons.some((reason) => /stand in line 2/.test(reason)), reasons.join("\n"));

  const again = await site.take(text);
  deepEqual(again.counts, { add: 0, added: 0, present: 4_963, bad: 37 });
  equal(await site.count(), 4_963);

  const [whole] = await site.admin<{ n: number }[]>`
    select count(*)::int as n from devices d
    join device_credentials c on c.tenant_id = d.tenant_id and c.device_id = d.id
    join device_latest l on l.tenant_id = d.tenant_id and l.device_id = d.id`;
  equal(whole!.n, 4_963, "each has its login and its state");
  const { items } = await listAudit(site.scope, { action: "device.imported", limit: 100 });
  equal(items.length, 34);
  ok(!JSON.stringify(first).includes(LOGIN.password));
});

Deno.test("importDevices() that is cut off in the middle is finished by the same file", async () => {
  await using site = await open();
  const { text } = inventory();
  let steps = 0;
  const { db, tenantId } = site.scope;
  // The database goes away at the fifth step, as with a killed process.
  const failing = {
    ...site.scope,
    db: {
      ...db,
      tenant: ((id, run) => {
        steps += 1;
        if (steps > 6) throw new Error("the database is gone");
        return db.tenant(id, run);
      }) as typeof db.tenant,
    },
  };
  await rejects(
    importDevices(failing, site.platform, { text, defaults: LOGIN }),
    /the database is gone/,
  );
  const kept = await site.count();
  ok(kept > 0 && kept < 4_963, `${kept} were stored`);
  const [half] = await site.admin<{ n: number }[]>`
    select count(*)::int as n from devices d where tenant_id = ${tenantId}
      and not exists (select from device_credentials c where c.device_id = d.id)`;
  equal(half!.n, 0, "none without its login");
  const rest = await site.take(text);
  deepEqual(rest.counts, { add: 0, added: 4_963 - kept, present: kept, bad: 37 });
});

Deno.test("an export is imported again as it was, formulas and all", async () => {
  await using site = await open();
  await site.take("address,name,site\n192.0.2.1,\"=cmd|calc\",-North\n192.0.2.2,'quoted',@home\n");
  const csv = (await Array.fromAsync(await exportDevices(site.scope, site.platform))).join("");
  ok(!/(^|,)"?[=@]/m.test(csv), csv);
  ok(!csv.includes(LOGIN.password));
  const before = (await listDevices(site.scope, { limit: 10 })).items;
  await site.admin`delete from devices`;
  equal((await site.take(csv)).counts.added, 2);
  const after = (await listDevices(site.scope, { limit: 10 })).items;
  const kept = ({ address, name, site, port, tlsMode }: typeof after[number]) => [
    ...[address, name, site, port, tlsMode],
  ];
  deepEqual(after.map(kept), before.map(kept));
  const [head] = await Array.fromAsync(csvRecords([csv]));
  ok(!head!.some((name) => /user|pass/.test(name)));
});

Deno.test("importDevices() needs the right to change devices, and rows of others stay theirs", async () => {
  await using site = await open();
  await rejects(
    importDevices(
      { ...site.scope, permissions: new Set(["devices:read"]) },
      site.platform,
      { text: "address\n192.0.2.1\n", defaults: LOGIN },
    ),
    Forbidden,
  );
  await site.take("address\n192.0.2.1\n");
  const globex = scopeOf(site.db, site.globex);
  const theirs = await importDevices(globex, site.platform, {
    ...{ text: "address,os\n192.0.2.1,routeros\n192.0.2.2,linux\n", defaults: LOGIN },
  });
  deepEqual(theirs.rows.map(({ result }) => result), ["added", "bad"]);
  const mixed = await site.take("address,user\n192.0.2.5,other\n");
  equal(mixed.counts.added, 1);
});
