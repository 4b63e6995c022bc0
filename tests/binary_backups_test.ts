import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { driveRestore } from "@/core/binary_backups/drive_restore.ts";
import { takeBinariesEverywhere, takeBinaryNow } from "@/core/binary_backups/order_binaries.ts";
import { claimBinary, planBinaries, takeDueBinaries } from "@/core/binary_backups/binary_jobs.ts";
import {
  downloadBinary,
  readBinaries,
  revealPassword,
} from "@/core/binary_backups/read_binaries.ts";
import { StaleRestore, takeDueRestores } from "@/core/binary_backups/restore_row.ts";
import { binaryDeps } from "@/core/binary_backups/run_jobs.ts";
import { startRestore } from "@/core/binary_backups/start_restore.ts";
import { type BinaryDeps, takeBinary } from "@/core/binary_backups/take_binary.ts";
import { thinBinaries } from "@/core/binary_backups/thin_binaries.ts";
import { checkBackupFile } from "@/core/binary_backups/backup_file.ts";
import { changeConfigPolicy } from "@/core/configs/policy.ts";
import { listVersions } from "@/core/configs/read_versions.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { systemClock } from "@/core/ports/clock.ts";
import { startPoller } from "@/poller/mod.ts";
import { stateText } from "@/tools/sim/backup.ts";
import { type RouterWish, startFleet } from "@/tools/sim/fleet.ts";
import { openAuditTest } from "./support/audit.ts";
import { scopeOf } from "./support/scope.ts";

async function open(routers: readonly RouterWish[]) {
  const stack = new AsyncDisposableStack();
  const wishes = routers.map((one) => ({ bootMs: 50, ...one }));
  const fleet = stack.use(await startFleet({ routers: wishes, ssh: true }));
  const test = stack.use(await openAuditTest(["--poll-interval-seconds=86400"]));
  const { platform, db, acme } = test;
  const stop = new AbortController();
  const polling = startPoller(platform, stop.signal);
  stack.defer(async () => {
    stop.abort();
    await polling;
  });
  // Waiting takes no time, and a test turns the clock on.
  let offMs = 0;
  const clock = {
    now: () => systemClock.now() + offMs,
    monotonic: () => systemClock.monotonic() + offMs,
    sleep: (ms: number) => {
      offMs += ms;
      return Promise.resolve();
    },
  };
  const scope = scopeOf(db, acme);
  const deps: BinaryDeps = { ...binaryDeps(platform, 1), clock };
  const ids: string[] = [];
  for (const [n, host] of fleet.routers.entries()) {
    const { address, port, sshPort, username, password } = host;
    const device = await addDevice(scope, platform, {
      ...{ address, port, sshPort, username, password, tlsMode: "plain", region: "default" },
      name: `r${n}`,
    });
    ids.push(device.id);
  }
  const take = (index = 0, isForced = false) =>
    takeBinary(deps, {
      ...{ tenantId: acme, deviceId: ids[index]!, trigger: "manual", actor: scope.actor, isForced },
    });
  const files = (index = 0) =>
    fleet.routers[index]!.router.files.list().map(({ name }) => name)
      .filter((name) => name.includes("tod-"));
  const disposed = { [Symbol.asyncDispose]: () => stack.disposeAsync() };
  const turn = (ms: number) => offMs += ms;
  return { ...test, ...disposed, fleet, scope, deps, ids, take, files, turn };
}

const list = (id: string) => ({ ".id": `*${id}`, list: "office", address: `192.0.2.${id}` });

Deno.test("a full backup is kept once a change, encrypted twice, and taken off the router", async () => {
  await using test = await open([{ board: "hex", version: "7.18.2" }, {
    board: "rb5009",
    version: "6.49.17",
  }]);
  const { take, scope, deps, ids, files, fleet, db, acme } = test;
  const [id] = ids as [string];
  const { router } = fleet.routers[0]!;
  const first = await take();
  ok(first.outcome === "kept", JSON.stringify(first));
  deepEqual(files(), [], "nothing stays on the router");
  deepEqual(await take(), { outcome: "same", backupId: first.backupId });
  const forced = await take(0, true);
  ok(forced.outcome === "kept" && forced.backupId !== first.backupId);
  router.edit("/ip/firewall/address-list").push(list("7"));
  const changed = await take();
  ok(changed.outcome === "kept");
  equal((await take(1)).outcome, "kept", "RouterOS 6 too");

  const { items } = await readBinaries(scope, id);
  equal(items.length, 3);
  deepEqual([items[0]!.board, items[0]!.routerosVersion], [router.board.name, "7.18.2"]);
  ok(items[0]!.serial);
  equal(items[0]!.versionId, (await listVersions(scope, id))[0]!.id, "the text beside it");
  const { data } = await downloadBinary(scope, deps, id, changed.backupId);
  equal(checkBackupFile(data, data.length).ok, true);
  const { password } = await revealPassword(
    scope,
    deps,
    id,
    changed.backupId,
    "router is replaced",
  );
  match(password, /^[A-Za-z0-9]{33}$/);
  const other = await revealPassword(scope, deps, id, first.backupId, "router is replaced");
  ok(other.password !== password, "each has its own");
  const stored = await db.tenant(
    acme,
    (sql) =>
      sql<{ ciphertext: Uint8Array; password: Uint8Array }[]>`
      select c.ciphertext, b.password from binary_backups b
      join binary_backup_chunks c on c.backup_id = b.id`,
  );
  for (const { ciphertext, password: sealed } of stored) {
    equal(checkBackupFile(ciphertext, ciphertext.length).ok, false, "not as the router made it");
    ok(!new TextDecoder("latin1").decode(sealed).includes(password));
  }
  const audited = await test.admin<{ action: string; n: number }[]>`
    select action, count(*)::int as n from audit_log where action like 'config.binary%'
    group by action order by action`;
  deepEqual(audited.map(({ action, n }) => [action, n]), [
    ["config.binary_downloaded", 1],
    ["config.binary_revealed", 2],
  ]);

  const foreign = scopeOf(db, test.globex);
  await rejects(readBinaries(foreign, id), NotFound);
  await rejects(downloadBinary(foreign, deps, id, first.backupId), NotFound);
  await rejects(revealPassword(foreign, deps, id, first.backupId, "why not"), NotFound);
  await rejects(
    downloadBinary(scope, deps, ids[1]!, first.backupId),
    NotFound,
    "of another router",
  );
  const operator = { ...scope, permissions: new Set(["configs:read", "configs:write"] as const) };
  await rejects(revealPassword(operator, deps, id, first.backupId, "curiosity"), Forbidden);
});

Deno.test("no empty, cut or refused file is taken for a full backup, and none of ours stays behind", async () => {
  await using test = await open([{ board: "hap-ac2", version: "7.18.2" }, {
    board: "hex",
    version: "7.18.2",
    users: [{ name: "reader", password: "x", group: "read" }],
  }]);
  const { take, fleet, files, scope, ids, deps } = test;
  const [host] = fleet.routers;
  const reason = async (index = 0) => {
    const outcome = await take(index);
    return outcome.outcome === "failed" ? outcome.reason : outcome.outcome;
  };
  const faults = [
    [{ kind: "backup-empty" }, "failed"],
    [{ kind: "sftp-cut", bytes: 0 }, "truncated"],
    [{ kind: "sftp-cut", bytes: 100 }, "truncated"],
    [{ kind: "sftp-refused" }, "refused"],
    [{ kind: "flash-full" }, "refused"],
    [{ kind: "refuse-command", command: "/system/backup/save" }, "refused"],
    [{ kind: "export-partial", menu: "/ip/address" }, "unreadable"],
    [{ kind: "export-cut", bytes: 100 }, "truncated"],
  ] as const;
  for (const [fault, expected] of faults) {
    await host!.inject(fault);
    equal(await reason(), expected, JSON.stringify(fault));
    deepEqual(files(), [], JSON.stringify(fault));
    await host!.clear();
  }
  equal(await reason(1), "refused", "a user that may only read");
  equal((await readBinaries(scope, ids[0]!)).items.length, 0);

  // One that a crash left behind goes with the next.
  host!.router.files.write("flash/tod-backup-0000000000.backup", "x");
  host!.router.files.write("flash/mine.backup", "x");
  equal(await reason(), "kept");
  deepEqual(host!.router.files.list().map(({ name }) => name), ["flash/mine.backup"]);
  await host!.powerOff();
  equal((await takeBinaryNow(scope, deps, ids[0]!, { force: true })).outcome, "failed");
  match((await readBinaries(scope, ids[0]!)).detail!, /SSH/);
});

Deno.test("full backups come by the tenant's schedule, at an order, one at a time, and few are kept", async () => {
  await using test = await open([{ board: "hex", version: "7.18.2" }]);
  const { deps, scope, acme, ids, take, db, turn } = test;
  const policy = { ...deps, retention: test.platform.config.backups.retention };
  const due = async () => {
    await db.tenant(acme, (sql) =>
      sql`update binary_backup_jobs set due_at = now()
      where due_at is not null and leased_until is null`);
    return (await takeDueBinaries(deps, 10)).map(({ trigger }) => trigger);
  };
  const free = () =>
    db.tenant(acme, (sql) => sql`update binary_backup_jobs set leased_until = null`);
  await planBinaries(deps, acme);
  deepEqual(await due(), [], "off unless wished for");
  equal(await takeBinariesEverywhere(scope, deps), 1);
  deepEqual(await due(), ["manual"]);
  deepEqual(await due(), [], "taken by one alone");
  await rejects(takeBinaryNow(scope, deps, ids[0]!, { force: false }), Conflict);
  await free();
  equal((await takeBinaryNow(scope, deps, ids[0]!, { force: false })).outcome, "kept");
  deepEqual(await due(), [], "and no other is planned");
  await changeConfigPolicy(scope, policy, { binaries: { schedule: "weekly", keep: 2 } });
  await planBinaries(deps, acme);
  deepEqual(await due(), ["scheduled"]);
  await free();
  ok(await claimBinary(deps, acme, ids[0]!));
  await free();
  equal((await takeBinaryNow(scope, deps, ids[0]!, { force: false })).outcome, "same");
  const { dueAt } = await readBinaries(scope, ids[0]!);
  ok(Date.parse(dueAt!) - deps.clock.now() > 5 * 86_400_000, "in a week");

  for (let n = 0; n < 3; n += 1) {
    turn(1_000);
    await take(0, true);
  }
  equal((await readBinaries(scope, ids[0]!)).items.length, 4);
  const signal = new AbortController().signal;
  equal(await thinBinaries(db, acme, policy.retention, signal), 2);
  equal((await readBinaries(scope, ids[0]!)).items.length, 2);
  const [left] = await test.admin<{ n: number }[]>`
    select count(distinct backup_id)::int as n from binary_backup_chunks`;
  equal(left!.n, 2);
});

/** Makes what is under way due, and nobody's. */
async function dueNow({ db, acme }: Awaited<ReturnType<typeof open>>) {
  await db.tenant(
    acme,
    (sql) =>
      sql`update binary_restores set due_at = now(), leased_until = null where ended_at is null`,
  );
}

/** Drives the restore under way until it has ended, taking it anew each time. */
async function drive(test: Awaited<ReturnType<typeof open>>, most = 200) {
  for (let turns = 0; turns < most; turns += 1) {
    await dueNow(test);
    const [row] = await takeDueRestores(test.deps.db, 1);
    if (!row) return;
    await driveRestore(test.deps, row);
    // It is looked at again after so long; the router restarts in real time.
    test.turn(5_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const [left] = await test.admin`
    select state, detail, booted_at, loaded_at, now() from binary_restores where ended_at is null`;
  throw new Error(`the restore did not end: ${JSON.stringify(left)}`);
}

Deno.test("a router comes back to its full backup after its name was typed, and only then", async () => {
  await using test = await open([{ board: "hex", version: "7.18.2" }, {
    board: "hex",
    version: "7.18.2",
  }, { board: "hex", version: "7.16" }]);
  const { scope, deps, ids, take, fleet, files, db } = test;
  const [id] = ids as [string];
  const { router } = fleet.routers[0]!;
  router.edit("/ip/firewall/address-list").push(list("7"));
  const taken = await take();
  ok(taken.outcome === "kept");
  const before = stateText(router);
  router.edit("/ip/firewall/address-list").push(list("8"));
  router.edit("/user")[0]!["comment"] = "changed";

  const order = { typedName: "r0", acceptOtherUnit: false };
  const start = (given: Partial<typeof order> = {}, who = scope, device = id) =>
    startRestore(who, deps, device, taken.backupId, { ...order, ...given });
  await rejects(start({ typedName: "r1" }), InvalidInput);
  await rejects(start({}, scopeOf(db, test.globex)), NotFound);
  const operator = { ...scope, permissions: new Set(["configs:read", "configs:write"] as const) };
  await rejects(start({}, operator), Forbidden);
  await rejects(start({ typedName: "r1" }, scope, ids[1]!), NotFound, "another router's backup");
  await test.admin`update binary_backups set device_id = ${ids[1]!} where id = ${taken.backupId}`;
  await rejects(start({ typedName: "r1" }, scope, ids[1]!), /another unit|Cannot restore/);
  await test.admin`update binary_backups set device_id = ${ids[2]!} where id = ${taken.backupId}`;
  await rejects(start({ typedName: "r2", acceptOtherUnit: true }, scope, ids[2]!), InvalidInput);
  await test.admin`update binary_backups set device_id = ${id} where id = ${taken.backupId}`;
  ok(router.isUp && stateText(router) !== before, "nothing was done so far");

  equal((await start()).state, "requested");
  await rejects(start(), Conflict, "one at a time");
  await drive(test);
  const { restores: [restore], items } = await readBinaries(scope, id);
  deepEqual([restore!.state, restore!.wantedVersion], ["restored", items.at(-1)!.versionId]);
  equal(stateText(router), before, "as it was, to the last setting");
  equal(items.length, 2, "what it held is kept, to come back to");
  deepEqual(files(), []);
  const [newest, changed] = await listVersions(scope, id);
  ok(restore!.afterVersion === newest!.id && restore!.beforeVersion === changed!.id);
  match(newest!.cause.operations[0]!.title, /Full backup loaded/);
  const audited = await test.admin<{ action: string }[]>`
    select action from audit_log where action like 'config.restore%' order by seq`;
  deepEqual(audited.map(({ action }) => action), [
    "config.restore_started",
    "config.restore_ended",
  ]);
});

Deno.test("killed at any state the restore goes on, and a late worker does nothing more", async () => {
  await using test = await open([{ board: "hex", version: "7.18.2" }]);
  const { scope, deps, ids, take, fleet, files } = test;
  const [id] = ids as [string];
  const { router } = fleet.routers[0]!;
  const taken = await take();
  ok(taken.outcome === "kept");
  const before = stateText(router);
  const states = ["requested", "saved", "uploaded", "loading", "waiting"] as const;
  for (const killed of states) {
    router.edit("/ip/firewall/address-list").push(list("9"));
    await startRestore(scope, deps, id, taken.backupId, {
      typedName: "r0",
      acceptOtherUnit: false,
    });
    await dueNow(test);
    const [row] = await takeDueRestores(deps.db, 1);
    // Each state is told once it is stored: dying there is dying between two steps.
    let left = states.indexOf(killed);
    const broadcast = () => {
      if (--left <= 0) throw new Error("killed");
    };
    const dying = {
      ...{ ...deps, bus: Object.assign(Object.create(deps.bus), { broadcast }) },
      ...(killed === "requested" && { link: { open: () => Promise.reject(new Error("killed")) } }),
    };
    await rejects(driveRestore(dying, row!), /killed/);
    const found = async () => (await readBinaries(scope, id)).restores[0]!;
    equal((await found()).state, killed);
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (killed === "loading") {
      // Nobody told the router to restart: that is seen after a while.
      await test.admin`update binary_restores set loaded_at = loaded_at - interval '3 minutes'`;
    }
    await drive(test);
    const { state, detail } = await found();
    if (killed === "loading") {
      equal(state, "failed");
      match(detail!, /did not restart/);
      ok(stateText(router) !== before);
    } else {
      equal(state, "restored", `${killed}: ${detail}`);
      equal(stateText(router), before);
    }
    deepEqual(files(), [], killed);
    // The one that was killed wakes up.
    await rejects(driveRestore(deps, row!), StaleRestore);
    if (killed === "loading") router.edit("/ip/firewall/address-list").pop();
  }
});

Deno.test("what cannot be proven is not called restored", async () => {
  await using test = await open([{ board: "hex", version: "7.18.2" }]);
  const { scope, deps, ids, take, fleet, turn } = test;
  const [id] = ids as [string];
  const [host] = fleet.routers;
  const order = { typedName: "r0", acceptOtherUnit: false };
  const last = async () => (await readBinaries(scope, id)).restores[0]!;
  const first = await take();
  host!.router.edit("/ip/firewall/address-list").push(list("7"));
  const second = await take();
  ok(first.outcome === "kept" && second.outcome === "kept");

  // The file holds something else than the text beside it.
  await test.admin`update binary_backups set version_id = (select version_id from binary_backups
      where id = ${first.backupId}) where id = ${second.backupId}`;
  await startRestore(scope, deps, id, second.backupId, order);
  await drive(test);
  const differs = await last();
  equal(differs.state, "differs");
  ok(differs.afterVersion !== differs.wantedVersion);

  // It declines: nothing happened.
  await startRestore(scope, deps, id, first.backupId, order);
  await host!.inject({ kind: "refuse-command", command: "/system/backup/load", message: "no" });
  await drive(test);
  equal((await last()).state, "failed");
  await host!.clear();

  // It does not come back for long: unknown, until it answers.
  await startRestore(scope, deps, id, first.backupId, order);
  const step = async () => {
    await dueNow(test);
    const [row] = await takeDueRestores(deps.db, 1);
    await driveRestore(deps, row!);
  };
  await step();
  equal((await last()).state, "waiting");
  await host!.powerOff();
  turn(11 * 60_000);
  await step();
  const unknown = await last();
  deepEqual([unknown.state, unknown.endedAt], ["unknown", null]);
  match(unknown.detail!, /does not answer/);
  await host!.powerOn();
  await drive(test);
  equal((await last()).state, "restored");
});
