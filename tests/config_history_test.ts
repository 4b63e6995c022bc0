import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { blameConfig } from "@/core/configs/blame.ts";
import { beginOperation, endOperation } from "@/core/configs/operations.ts";
import { pinVersion } from "@/core/configs/pin.ts";
import { changeConfigPolicy, readConfigPolicy } from "@/core/configs/policy.ts";
import { listVersions } from "@/core/configs/read_versions.ts";
import { thinVersions } from "@/core/configs/retention.ts";
import { searchConfigs } from "@/core/configs/search.ts";
import { MASK } from "@/core/configs/secrets.ts";
import { storeExport } from "@/core/configs/store_version.ts";
import { VOLATILE_RULES } from "@/core/configs/volatile.ts";
import { Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { PERMISSIONS } from "@/core/scope.ts";
import { subjects } from "@/core/subjects.ts";
import { openAuditTest } from "./support/audit.ts";
import { FakeClock } from "./support/clock.ts";
import { insertDevice } from "./support/devices.ts";
import { scopeOf } from "./support/scope.ts";

const DAY_MS = 86_400_000;
const START = Date.parse("2026-01-10T00:00:00Z");

/** Rules by their comment, in the order given. */
const textOf = (rules: readonly string[], more = "", head = "2026-01-10 00:00:00") =>
  `# ${head} by RouterOS 7.18.2\r\n# software id = AAAA-BBBB\r\n/ip firewall nat\r\n` +
  rules.map((rule) =>
    `add action=dst-nat chain=dstnat comment=${rule} dst-port=33${rule.length}\r\n`
  )
    .join("") +
  more + "/system identity\r\nset name=edge\r\n";

/** Versions of one router without a router: what it would print is said at each reading. */
async function open() {
  const test = await openAuditTest();
  const clock = new FakeClock(START);
  const { platform, db, acme } = test;
  const deviceId = await insertDevice(test, acme, { name: "edge" });
  const deps = { ...platform, clock, backupHour: 1, retention: platform.config.backups.retention };
  const stop = new AbortController();
  let printed: string | undefined;
  const serving = platform.rpc.serve(
    subjects.deviceExport("default"),
    { group: "pollers", concurrency: 4, signal: stop.signal },
    () => {
      const answer = printed === undefined
        ? { ok: false, reason: "connect_timeout", detail: "SSH does not answer." }
        : { ok: true, gzip: gzipSync(printed).toString("base64"), hostKey: "a".repeat(64) };
      return Promise.resolve(new TextEncoder().encode(JSON.stringify(answer)));
    },
  );
  const at = async (days: number) => {
    await clock.advance(START + days * DAY_MS - clock.now());
  };
  /** Read `days` after the start. */
  const read = async (
    days: number,
    text: string,
    trigger: "scheduled" | "change" = "scheduled",
  ) => {
    await at(days);
    const taken = { tenantId: acme, deviceId, text, trigger, actor: "system:backups" };
    const stored = await storeExport(deps, taken);
    if (stored.outcome === "refused") throw new Error(stored.detail);
    return stored;
  };
  const event = (days: number, kind: string, values: Record<string, string[]>) =>
    db.tenant(acme, (sql) => {
      const when = new Date(START + days * DAY_MS);
      const row = {
        ...{ tenant_id: acme, at: when, last_at: when, kind, severity: "info", message: "x" },
        ...{ device_id: deviceId, data: sql.json({ count: 1, values, hasMore: {} }) },
      };
      return sql`insert into events ${sql(row)}`;
    });
  return {
    ...{ ...test, clock, deps, deviceId, at, read, event, scope: scopeOf(db, acme) },
    print: (text: string | undefined) => printed = text,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await serving;
      await test[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a change goes back to our operation, the router's log, a login, or nobody", async () => {
  await using test = await open();
  const { read, event, deps, scope, deviceId, acme, print, at } = test;
  await read(0, textOf(["a"]));
  await event(0.5, "device.config_changed", { by: ["admin"], what: ["nat rule added"] });
  await event(0.4, "device.login", { user: ["admin"], from: ["192.0.2.7"], via: ["winbox"] });
  await read(1, textOf(["a", "bb"]));
  await event(1.5, "device.login", { user: ["carol"], from: ["192.0.2.9"], via: ["ssh"] });
  await read(2, textOf(["a", "bb", "ccc"]));
  await read(3, textOf(["a", "bb", "ccc", "dddd"]));

  // Somebody changes it by hand just before our push: that is not the push's doing.
  await at(4);
  const key = { tenantId: acme, deviceId, kind: "push", id: "p1" };
  print(textOf(["a", "bb", "ccc", "dddd", "eeeee"]));
  const before = await beginOperation(deps, { ...key, actor: scope.actor, title: "Open <b> port" });
  await at(4.01);
  const again = await beginOperation(deps, { ...key, actor: scope.actor, title: "Open <b> port" });
  ok(before.outcome === "kept" && again.outcome === "same");
  equal(again.versionId, before.versionId, "after a crash: the backup of then");
  print(textOf(["a", "bb", "ccc", "dddd", "eeeee", "ffffff"]));
  equal((await endOperation(deps, key, "kept")).outcome, "kept");
  await read(5, textOf(["a", "bb", "ccc", "dddd", "eeeee", "ffffff", "ggggggg"]));

  const versions = await listVersions(scope, deviceId);
  const told = versions.map(({ cause: { operations, changes, logins } }) => [
    operations.map(({ title }) => title),
    changes.map(({ by, what }) => `${by}: ${what}`),
    logins.map(({ user, via }) => `${user} by ${via}`),
  ]);
  deepEqual(told, [
    [[], [], []],
    [["Open <b> port"], [], []],
    [[], [], []],
    [[], [], []],
    [[], [], ["carol by ssh"]],
    [[], ["admin: nat rule added"], ["admin by winbox"]],
    [[], [], []],
  ]);
  deepEqual([versions[2]!.trigger, versions[1]!.added], ["operation", 1]);
  equal(versions.at(-1)!.cause.after, null, "the first has nothing before it");
  equal(versions[3]!.cause.after, versions[4]!.seenAt, "between two readings");

  const blind = { ...scope, permissions: new Set(["configs:read"] as const) };
  const [, , , , , hidden] = await listVersions(blind, deviceId);
  deepEqual(hidden!.cause.changes, [], "who may not see events is not told of them here");
  equal(hidden!.cause.hasEvents, false);

  // Unreachable: nothing was read, nothing is claimed.
  print(undefined);
  const failed = await beginOperation(deps, { ...key, id: "p2", actor: "user:x", title: "x" });
  equal(failed.outcome, "failed");
});

Deno.test("an operation that came back to the same configuration is told by its version", async () => {
  await using test = await open();
  const { deps, print, deviceId, acme, at } = test;
  const key = { tenantId: acme, deviceId, kind: "push", id: "p1" };
  print(textOf(["a"]));
  const before = await beginOperation(deps, { ...key, actor: "user:x", title: "t" });
  await at(0.1);
  print(textOf(["a"], "", "2026-01-10 02:24:00").replace("/ip", "# lte1 not ready\r\n/ip"));
  const after = await endOperation(deps, key, "reverted");
  ok(before.outcome === "kept" && after.outcome === "same");
  equal(after.versionId, before.versionId);
});

Deno.test("each item tells which version brought it and which changed it last", async () => {
  await using test = await open();
  const { read, scope, deps, deviceId, db } = test;
  const secret = (word: string) => `/ppp secret\r\nadd name=branch password=${word}\r\n`;
  await read(0, textOf(["a"], secret("one")));
  await read(1, textOf(["bb", "a"], secret("one")));
  // A partial one says nothing on who brought what.
  const partial = textOf(["bb", "a"]) + '#error exporting "/ppp/secret" (timeout)\r\n';
  await read(1.5, partial);
  await read(2, textOf(["bb", "a"], secret("two")));
  const newest = await read(3, textOf(["bb", "a", "ccc"], secret("two")));
  const blame = await blameConfig(scope, deps, deviceId, newest.versionId);
  const dayOf = (place: number | null) =>
    place === null ? null : (Date.parse(blame.versions[place]!.takenAt) - START) / DAY_MS;
  deepEqual(
    blame.items.map(({ menu, added, changed }) => [menu, dayOf(added), dayOf(changed)]),
    [
      ["/ip/firewall/nat", 1, 1],
      ["/ip/firewall/nat", 0, 0],
      ["/ip/firewall/nat", 3, 3],
      ["/ppp/secret", 0, 2],
      ["/system/identity", 0, 0],
    ],
  );
  ok(blame.isWhole && !blame.isCut);
  ok(blame.items.some(({ command }) => command.includes(MASK)));
  ok(!JSON.stringify(blame).includes("two"), "secrets stay hidden");
  const older = await blameConfig(scope, deps, deviceId, blame.versions.at(-1)!.id);
  deepEqual(older.items.map(({ added }) => added), [0, 0, 0]);
  await rejects(blameConfig(scopeOf(db, test.globex), deps, deviceId, newest.versionId), NotFound);
  await rejects(blameConfig(scope, deps, deviceId, crypto.randomUUID()), NotFound);
});

Deno.test("retention thins what is old, counts the rest anew, and keeps what is pinned or restored", async () => {
  await using test = await open();
  const { read, scope, deps, deviceId, acme, db, at } = test;
  const growing = (n: number) => textOf(Array.from({ length: n }, (_, i) => "x".repeat(i + 1)));
  const taken: string[] = [];
  for (let n = 0; n < 12; n += 1) taken.push((await read(n / 4, growing(n + 1))).versionId);
  await pinVersion(scope, deps, deviceId, taken[4]!, { isPinned: true, label: "before the move" });
  await at(20);
  const rules = { allDays: 7, dailyDays: 30, weeklyDays: 60, monthlyDays: 365 };
  const signal = new AbortController().signal;
  const thinned = await thinVersions(deps, acme, rules, signal);
  deepEqual(thinned, { devices: 1, versions: 8, contents: 8 });
  const left = await listVersions(scope, deviceId);
  deepEqual(left.map(({ id }) => taken.indexOf(id)), [11, 7, 4, 3]);
  deepEqual(left.map(({ added, label }) => [added, label]), [
    [4, null],
    [3, null],
    [1, "before the move"],
    [null, null],
  ], "against the version that stands before it now");
  deepEqual(await thinVersions(deps, acme, rules, signal), {
    ...{ devices: 0, versions: 0, contents: 0 },
  });

  await at(4_000);
  await pinVersion(scope, deps, deviceId, taken[4]!, { isPinned: false, label: null });
  await db.tenant(
    acme,
    (sql) => sql`update config_versions set restored_at = now() where id = ${taken[3]!}`,
  );
  await thinVersions(deps, acme, rules, signal);
  deepEqual(
    (await listVersions(scope, deviceId)).map(({ id }) => taken.indexOf(id)),
    [11, 3],
    "the newest, and what was restored",
  );
  const [contents] = await test.admin<
    { n: number }[]
  >`select count(*)::int as n from config_contents`;
  equal(contents!.n, 2, "contents without versions went");
  const [audited] = await test.admin<{ n: number }[]>`
    select count(*)::int as n from audit_log where action = 'config.pinned'`;
  equal(audited!.n, 2);
  const change = { isPinned: true, label: null };
  await rejects(pinVersion(scopeOf(db, test.globex), deps, deviceId, taken[3]!, change), NotFound);
  const reader = { ...scope, permissions: new Set(["configs:read"] as const) };
  await rejects(pinVersion(reader, deps, deviceId, taken[3]!, change), Forbidden);
});

Deno.test("a tenant has rules of its own or the installation's", async () => {
  await using test = await open();
  const { scope, deps, db, globex } = test;
  const own = { allDays: 30, dailyDays: 60, weeklyDays: 0, monthlyDays: 0 };
  equal((await readConfigPolicy(scope, deps)).isOwn, false);
  const changed = await changeConfigPolicy(scope, deps, { retention: own });
  deepEqual([changed.isOwn, changed.retention], [true, own]);
  equal((await readConfigPolicy(scopeOf(db, globex), deps)).isOwn, false);
  deepEqual(
    (await changeConfigPolicy(scope, deps, { retention: null })).retention,
    deps.retention,
  );
  const operator = scopeOf(db, test.acme, PERMISSIONS.filter((name) => name !== "settings:write"));
  await rejects(changeConfigPolicy(operator, deps, { retention: own }), Forbidden);
});

Deno.test("a search of a day finds what was there at any hour of it, and tells no secret", async () => {
  await using test = await open();
  const { read, scope, deps, deviceId } = test;
  const secret = "/ppp secret\r\nadd name=branch password=Str0ngWord\r\n" +
    '/system script\r\nadd name=up source=":local password=Str0ngWord"\r\n';
  await read(0, textOf(["a"], secret));
  // There for an afternoon.
  await read(1.5, textOf(["a", "rogue"], secret));
  await read(1.75, textOf(["a"], secret));
  await read(2.5, textOf(["a"], secret));
  const day = (n: number) => ({
    at: new Date(START + n * DAY_MS).toISOString(),
    until: new Date(START + (n + 1) * DAY_MS - 1).toISOString(),
  });
  const find = async (q: string, time: { at?: string; until?: string } = {}) =>
    (await searchConfigs(scope, deps, { q, ...time })).items;
  const [found, ...more] = await find("nat rogue", day(1));
  deepEqual([found!.deviceId, found!.takenAt, more.length], [deviceId, day(1.5).at, 0]);
  deepEqual(await find("nat rogue", day(0)), []);
  deepEqual(await find("nat rogue", day(2)), []);
  deepEqual(await find("nat rogue"), []);
  deepEqual(await find("nat rogue", { at: day(1).until }), [], "the moment alone");
  equal((await find("nat comment=a", day(1))).length, 1, "the same line is told once");
  equal((await find("comment=a", { at: day(-1).at })).length, 0, "before the first reading");

  for (const q of ["Str0ngWord", "str0ng", "password=S", "name=branch Str0ngWord"]) {
    deepEqual(await find(q), [], `${q}: a secret is not found by its value, whoever asks`);
    deepEqual(await find(q, day(1)), []);
  }
  const [shown] = await find("name=branch");
  match(shown!.command, /password=\*{8}/);
  await rejects(searchConfigs(scope, deps, { q: "x", until: day(1).until }), InvalidInput);
  const other = { ...scope, permissions: new Set(["devices:read"] as const) };
  await rejects(searchConfigs(other, deps, { q: "name=branch" }), Forbidden);
});

Deno.test("every line that is not compared has its reason in the user guide", async () => {
  const guide = await Deno.readTextFile(new URL("../docs/user-guide.md", import.meta.url));
  const squeezed = guide.replaceAll(/\s+/g, " ");
  for (const { example, reason, pattern } of VOLATILE_RULES) {
    ok(pattern.test(example.replace(/^#\s*/, "")), `${example}: its rule does not fit it`);
    ok(squeezed.includes(`\`${example}\``) && squeezed.includes(reason), example);
  }
});
