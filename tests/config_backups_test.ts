import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { backUp, type BackupDeps } from "@/core/configs/back_up.ts";
import { planMissing, runBackupJobs } from "@/core/configs/jobs.ts";
import { backUpEverything, backUpNow } from "@/core/configs/order_backups.ts";
import { backupOverview } from "@/core/configs/overview.ts";
import {
  compareConfigs,
  listVersions,
  readConfig,
  revealConfig,
} from "@/core/configs/read_versions.ts";
import { searchConfigs } from "@/core/configs/search.ts";
import { MASK } from "@/core/configs/secrets.ts";
import { addDevice, updateDevice } from "@/core/devices/devices.ts";
import { Forbidden, NotFound } from "@/core/errors.ts";
import { startPoller } from "@/poller/mod.ts";
import { type FleetOptions, startFleet } from "@/tools/sim/fleet.ts";
import { openAuditTest } from "./support/audit.ts";
import { scopeOf } from "./support/scope.ts";

async function open(options: FleetOptions) {
  const stack = new AsyncDisposableStack();
  const fleet = stack.use(await startFleet({ ...options, ssh: true }));
  const test = stack.use(await openAuditTest());
  const { platform, db, acme } = test;
  const stop = new AbortController();
  const polling = startPoller(platform, stop.signal);
  stack.defer(async () => {
    stop.abort();
    await polling;
  });
  const scope = scopeOf(db, acme);
  const deps: BackupDeps = { ...platform, backupHour: 1 };
  const ids: string[] = [];
  for (const { address, port, sshPort, username, password } of fleet.routers) {
    const device = await addDevice(scope, platform, {
      ...{ address, port, sshPort, username, password, tlsMode: "plain", region: "default" },
    });
    ids.push(device.id);
  }
  const take = (index = 0) =>
    backUp(deps, {
      ...{ tenantId: acme, deviceId: ids[index]!, trigger: "manual", actor: "user:test" },
    });
  const events = (kind: string) =>
    db.tenant(
      acme,
      (sql) =>
        sql<{ message: string }[]>`select message from events where kind = ${kind} order by id`,
    );
  const disposed = { [Symbol.asyncDispose]: () => stack.disposeAsync() };
  return { ...test, ...disposed, fleet, scope, deps, ids, take, events };
}

const kept = { outcome: "kept", isPartial: false };
const without = <T extends object>(value: T, ...names: string[]) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

Deno.test("a router's configuration is kept once a change, encrypted, and compared item by item", async () => {
  await using test = await open({ routers: [{ board: "rb5009", version: "7.18.2" }] });
  const { scope, deps, take, acme, db, fleet } = test;
  const [id] = test.ids as [string];
  const { router } = fleet.routers[0]!;
  router.edit("/ppp/secret").push({
    ...{ ".id": "*1", name: "branch", password: "correct horse", comment: "VPN" },
  });

  deepEqual(without(await take(), "versionId"), { ...kept, changes: 0 });
  deepEqual(without(await take(), "versionId"), { ...kept, outcome: "same", changes: 0 });
  equal((await test.events("device.ssh_key_pinned")).length, 1);

  router.edit("/ppp/secret")[0]!["password"] = "other secret";
  router.edit("/ip/firewall/address-list").push({
    ...{ ".id": "*2", list: "office", address: "192.0.2.7", comment: "=cmd <b>" },
  });
  deepEqual(without(await take(), "versionId"), { ...kept, changes: 2 });
  const [told] = await test.events("config.changed");
  match(told!.message, /2 items in \/ip\/firewall\/address-list, \/ppp\/secret/);

  const [now, before, ...more] = await listVersions(scope, id);
  equal(more.length, 0);
  deepEqual([now!.added, now!.removed, now!.changed, now!.routerosVersion], [1, 0, 1, "7.18.2"]);
  const difference = await compareConfigs(scope, deps, id, { from: before!.id, to: now!.id });
  deepEqual(difference.changes.map(({ menu, kind, label }) => [menu, kind, label]), [
    ["/ip/firewall/address-list", "added", "office 192.0.2.7"],
    ["/ppp/secret", "changed", "branch"],
  ]);
  deepEqual(difference.changes[1]!.attributes, [{ name: "password", from: MASK, to: MASK }]);
  deepEqual(difference.lines.filter(({ kind }) => kind === "added" || kind === "removed"), [
    { kind: "added", text: "/ip firewall address-list" },
    {
      kind: "added",
      text: 'add address=192.0.2.7 comment="=cmd <b>" list=office',
    },
  ]);

  const hidden = await readConfig(scope, deps, id, now!.id);
  ok(hidden.text.includes("name=branch") && !hidden.text.includes("other secret"));
  await rejects(
    revealConfig({ ...scope, permissions: new Set(["configs:read"]) }, deps, id, now!.id, "why"),
    Forbidden,
  );
  const shown = await revealConfig(scope, deps, id, now!.id, "router is replaced");
  ok(shown.text.includes('password="other secret"'));
  const stored = await db.tenant(
    acme,
    (sql) => sql<{ ciphertext: Uint8Array }[]>`select ciphertext from config_contents`,
  );
  equal(stored.length, 2);
  for (const { ciphertext } of stored) {
    ok(!new TextDecoder("latin1").decode(ciphertext).includes("ppp secret"));
  }
  const [audited] = await test.admin`
    select 1 from audit_log where action = 'config.revealed' and tenant_id = ${acme}`;
  ok(audited);
  const [read] = await test.admin`select count from secret_reads where purpose = 'config.reveal'`;
  ok(read);

  const search = (q: string, at?: string) => searchConfigs(scope, deps, { q, at });
  deepEqual((await search("address-list 192.0.2.7")).items.map((one) => one.deviceId), [id]);
  equal((await search("192.0.2.7", before!.takenAt)).items.length, 0, "it was not there then");
  equal((await search("correct")).items.length, 0, "secrets are not searched");

  const foreign = scopeOf(db, test.globex);
  await rejects(listVersions(foreign, id), NotFound);
  await rejects(readConfig(foreign, deps, id, now!.id), NotFound);
  equal((await searchConfigs(foreign, deps, { q: "set" })).searched, 0);
  equal((await backupOverview(foreign, deps, { filter: "all", limit: 10 })).items.length, 0);
});

Deno.test("no export that is empty, cut, partial or another's is taken for a backup", async () => {
  await using test = await open({
    routers: [{ version: "7.18.2", board: "hex" }, {
      version: "7.18.2",
      board: "hex",
      users: [{ name: "reader", password: "x", group: "read" }],
    }, { version: "6.49.17", board: "hex" }],
  });
  const { take, fleet, scope, deps } = test;
  const [host] = fleet.routers;
  const reason = async (index = 0) => {
    const outcome = await take(index);
    return outcome.outcome === "failed" ? outcome.reason : outcome.outcome;
  };
  await host!.inject({ kind: "export-cut", bytes: 400 });
  equal(await reason(), "truncated");
  await host!.inject({ kind: "export-cut", bytes: 0 });
  equal(await reason(), "empty");
  await host!.clear();
  await host!.inject({ kind: "wrong-password" });
  equal(await reason(), "login_refused");
  equal((await test.events("config.backup_failed")).length, 1, "told at the third failure");
  await host!.clear();
  equal((await listVersions(scope, test.ids[0]!)).length, 0, "nothing was kept so far");

  equal(await reason(), "kept");
  await host!.inject({ kind: "export-partial", menu: "/ip/address" });
  deepEqual(without(await take(), "versionId"), { ...kept, isPartial: true, changes: 0 });
  await host!.clear();
  deepEqual(without(await take(), "versionId"), { ...kept, changes: 0 }, "whole again, unchanged");
  const versions = await listVersions(scope, test.ids[0]!);
  deepEqual(versions.map(({ failedMenus, added }) => [failedMenus, added]), [
    [[], null],
    [["/ip/address"], null],
    [[], null],
  ]);

  await host!.changeHostKey();
  equal(await reason(), "host_key_changed");
  await updateDevice(scope, test.platform, test.ids[0]!, { sshHostKey: null });
  equal(await reason(), "same", "the new key is pinned once the old pin is forgotten");

  equal(await reason(1), "refused", "a read-only user of 7 may not see secrets");
  equal(await reason(2), "kept", "RouterOS 6 needs no word for its secrets");
  const view = await backupOverview(scope, deps, { filter: "failing", limit: 10 });
  deepEqual(view.items.map(({ deviceId, reason }) => [deviceId, reason]), [
    [test.ids[1], "refused"],
  ]);
  deepEqual(view.counts, { all: 3, failing: 1, missing: 0, current: 2 });
  await host!.powerOff();
  equal(await reason(), "connection_refused");
});

Deno.test("the job backs up what is due, every router at an order, and one that was changed", async () => {
  await using test = await open({ count: 6 });
  const { platform, scope, deps, db, acme } = test;
  await planMissing(deps, acme);
  equal((await backUpNow(scope, deps, test.ids[5]!)).outcome, "kept");
  await rejects(backUpNow(scopeOf(db, test.globex), deps, test.ids[5]!), NotFound);
  const audited = await test.admin<{ target: string }[]>`
    select target_id as target from audit_log where action = 'config.backed_up'`;
  deepEqual(audited.map(({ target }) => target), [test.ids[5]]);
  equal(await backUpEverything(scope, deps), 6);
  const stop = new AbortController();
  const taken = async (n: number) => {
    // The job's own counter, asked for at each turn of the loop: there is no event to wait for.
    for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
      const { items } = await backupOverview(scope, deps, { filter: "current", limit: 20 });
      if (items.length >= n) return items;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error("the backups did not come");
  };
  const running = runBackupJobs(platform, stop.signal);
  const items = await taken(6);
  ok(items.every(({ dueAt }) => Date.parse(dueAt!) > Date.now() + 60_000), "tonight's is planned");
  equal((await listVersions(scope, test.ids[0]!))[0]!.actor, "user:test");
  stop.abort();
  await running;

  const change = { kind: "device.config_changed", severity: "info", message: "changed" };
  await db.tenant(
    acme,
    (sql) =>
      sql`insert into events ${
        sql({ ...change, tenant_id: acme, at: new Date(), device_id: test.ids[3]! })
      }`,
  );
  const due = await db.tenant(acme, (sql) =>
    sql<{ id: string }[]>`
      select device_id as id from config_backups
      where trigger = 'change' and due_at < now() + interval '61 seconds'`);
  deepEqual(due.map(({ id }) => id), [test.ids[3]]);

  const both = await Promise.all([
    db.system((sql) => sql`select * from system_due_backups(10, 60)`),
    db.system((sql) => sql`select * from system_due_backups(10, 60)`),
  ]);
  equal(both.flat().length, 0, "nothing is due yet");
  await backUpEverything(scope, deps);
  const taking = await Promise.all(
    [1, 2].map(() => db.system((sql) => sql`select * from system_due_backups(10, 60)`)),
  );
  equal(taking.flat().length, 6, "each is taken by one alone");
});
