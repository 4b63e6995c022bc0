import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { takeDueChecks } from "@/core/config_checks/due.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { addGroup } from "@/core/groups/groups.ts";
import { changeMembers } from "@/core/groups/members.ts";
import { addSite } from "@/core/sites/sites.ts";
import { openCompliance as open } from "@/tests/support/compliance.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { checkBatch } from "./check_batch.ts";
import { noteDay } from "./days.ts";
import { deviceCompliance } from "./device_compliance.ts";
import { addException, listExceptions, removeException } from "./exceptions.ts";
import { ensureLibrary } from "./library_sync.ts";
import { complianceOverview } from "./overview.ts";
import { addPolicy, listPolicies, updatePolicy } from "./policies.ts";
import { complianceCsv } from "./report.ts";
import { routerScores } from "./router_scores.ts";
import { ruleRouters } from "./rule_routers.ts";
import { addRule, listRules, removeRule, resetRule, updateRule } from "./rules.ts";
import { ruleFix, tryRule } from "./try_rule.ts";

const OPEN = "# by RouterOS 7.20.1\n/ip dns\nset servers=192.0.2.53\n";
const NO_TELNET = `${OPEN}/ip service\nset telnet disabled=yes\n`;

Deno.test("compliance: a new version is looked at, results and score follow", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const { id } = await test.router("one");
  await test.library();
  await test.check();
  const none = await deviceCompliance(scope, id);
  equal(none.hasBackup, false);
  equal(none.score, null, "nothing is known without a backup");
  ok(none.rules.every(({ result }) => result === "unknown"));

  await test.store(id, OPEN);
  equal(await test.check(), 1, "a version is a reason to look");
  equal(await test.resultOf(id, "telnet-off"), "fail");
  const before = await deviceCompliance(scope, id);
  const telnet = before.rules.find(({ title }) => title === "Telnet is off")!;
  match(telnet.evidence[0]!.message, /no by default/);
  equal(await test.resultOf(id, "default-admin"), "unknown", "no router was there to ask");
  equal(await test.check(), 0, "no reason, no look");

  await test.store(id, NO_TELNET);
  await test.check();
  equal(await test.resultOf(id, "telnet-off"), "pass");
  const after = await deviceCompliance(scope, id);
  ok(after.score! > before.score!, `${before.score} → ${after.score}`);
  await test.store(id, OPEN);
  await test.check();
  const [event, ...more] = await test.events("compliance.broken");
  deepEqual(more, []);
  match(event!, /^one no longer holds: Telnet is off$/);

  const overview = await complianceOverview(scope, platform);
  equal(overview.score, before.score);
  deepEqual([overview.devices, overview.rated, overview.failing], [1, 1, 1]);
  equal(overview.worstRules[0]!.severity, "critical");
  await noteDay(test.db, test.acme, platform.clock.now());
  const noted = await complianceOverview(scope, platform);
  deepEqual(noted.days.map(({ day, failing }) => [day, failing]), [[
    ...[new Date(platform.clock.now()).toISOString().slice(0, 10), 1],
  ]]);
  const csv = (await Array.fromAsync(complianceCsv(scope))).join("");
  match(csv, /^router,site,rule,severity,result/);
  match(csv, /one,,Telnet is off,critical,fail,/);
  const failing = await ruleRouters(scope, telnet.ruleId, { result: "fail", limit: 10 });
  deepEqual(failing.items.map(({ deviceName }) => deviceName), ["one"]);
  const commands = await ruleFix(scope, platform, id, telnet.ruleId);
  deepEqual(commands.map(({ action, menu }) => [action, menu]), [["set", "/ip/service"]]);
});

Deno.test("compliance: exceptions count until they end, for routers, sites and what is below", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const north = await addSite(scope, platform, { name: "North" });
  const tower = await addSite(scope, platform, { name: "Tower", parentId: north.id });
  const { id } = await test.router("one", { site: "North / Tower" });
  equal(tower.path, "North / Tower");
  await test.library();
  await test.store(id, OPEN);
  await test.check();
  const rule = await test.ruleOf("telnet-off");
  const failing = (await deviceCompliance(scope, id)).score!;
  await rejects(
    addException(scope, platform, {
      ...{ ruleId: rule.id, deviceId: id, reason: "an old console" },
      expiresAt: new Date(platform.clock.now() - 1_000).toISOString(),
    }),
    InvalidInput,
  );
  const excuse = await addException(scope, platform, {
    ...{ ruleId: rule.id, siteId: north.id, reason: "an old console" },
    expiresAt: new Date(platform.clock.now() + 3_600_000).toISOString(),
  });
  await test.check();
  equal(await test.resultOf(id, "telnet-off"), "exception");
  const excused = await deviceCompliance(scope, id);
  ok(excused.score! > failing, "it counts neither way");
  equal(
    excused.rules.find(({ ruleId }) => ruleId === rule.id)!.exception!.reason,
    "an old console",
  );
  const [due] = await test.admin<{ at: Date }[]>`select due_at as at from config_checks`;
  equal(due!.at.toISOString(), excuse.expiresAt, "looked at again when it ends");

  test.pass(3_600_001);
  await test.admin`update config_checks set due_at = now()`;
  await test.check();
  equal(await test.resultOf(id, "telnet-off"), "fail", "an ended one counts no more");
  equal((await listExceptions(scope, platform))[0]!.isExpired, true);
  await removeException(scope, platform, excuse.id);
  deepEqual((await test.actions()).filter((one) => one.startsWith("compliance.")), [
    "compliance.exception_added",
    "compliance.exception_removed",
  ]);
});

Deno.test("compliance: rules reach the routers of a policy's groups, tags and sites alone", async () => {
  await using test = await open();
  const { scope, platform } = test;
  const one = await test.router("one", { tags: ["core"] });
  const two = await test.router("two");
  await test.library();
  const [starter] = await listPolicies(scope);
  equal(starter!.isForAll, true);
  ok(starter!.ruleIds.length >= 40);
  const mine = await addRule(scope, platform, {
    ...{ title: "DNS is ours", severity: "low", help: "" },
    body: {
      ...{ when: null, need: "all" },
      checks: [{
        ...{ menu: "/ip/dns", expect: "each", where: [] },
        must: [{ attribute: "servers", is: "has", value: "192.0.2.53" }],
      }],
    },
  });
  await updatePolicy(scope, platform, starter!.id, { isEnabled: false });
  const group = await addGroup(scope, platform, { name: "Twos" });
  await changeMembers(scope, platform, group.id, { add: [two.id] });
  const tags = await test.admin<{ id: string }[]>`select id from tags`;
  const policy = await addPolicy(scope, platform, {
    ...{ name: "Ours", ruleIds: [mine.id], tagIds: [tags[0]!.id] },
  });
  await test.store(one.id, OPEN);
  await test.store(two.id, "/ip dns\nset servers=203.0.113.1\n");
  await test.check();
  const results = async (id: string) =>
    (await deviceCompliance(scope, id)).rules.map(({ title, result }) => `${title}: ${result}`);
  deepEqual(await results(one.id), ["DNS is ours: pass"]);
  deepEqual(await results(two.id), []);
  await updatePolicy(scope, platform, policy.id, { groupIds: [group.id], tagIds: [] });
  await test.check();
  deepEqual(await results(one.id), []);
  deepEqual(await results(two.id), ["DNS is ours: fail"]);
  const scores = await routerScores(scope, { filter: "failing", limit: 10 });
  deepEqual(scores.items.map(({ deviceName }) => deviceName), ["two"]);
  deepEqual(scores.counts, { all: 2, failing: 1, drifted: 0, unrated: 1 });
  await rejects(addPolicy(scope, platform, { name: "ours" }), Conflict);
  await rejects(
    updatePolicy(scope, platform, policy.id, { ruleIds: [crypto.randomUUID()] }),
    InvalidInput,
  );
  deepEqual(await tryRule(scope, platform, two.id, mine.body).then(({ result }) => result), "fail");

  await updateRule(scope, platform, mine.id, { severity: "critical" });
  await test.check();
  equal((await deviceCompliance(scope, two.id)).failedHard, 1);
  await removeRule(scope, platform, mine.id);
  await test.check();
  deepEqual(await results(two.id), []);
});

Deno.test("compliance: an edited rule of the library stays as it is, and can be reset", async () => {
  await using test = await open();
  const { scope, platform, db, acme } = test;
  await test.library();
  const rule = await test.ruleOf("telnet-off");
  await updateRule(scope, platform, rule.id, { title: "Not telnet" });
  await test.admin`update compliance_libraries set edition = 0`;
  await test.admin`update compliance_rules set title = 'Stale' where library_key = 'ftp-off'`;
  await ensureLibrary(db, acme);
  equal((await test.ruleOf("telnet-off")).title, "Not telnet");
  equal((await test.ruleOf("ftp-off")).title, "FTP is off");
  equal((await listPolicies(scope)).length, 1, "no second starter policy");
  const reset = await resetRule(scope, platform, rule.id);
  deepEqual([reset.title, reset.isEdited], ["Telnet is off", false]);
});

Deno.test("compliance: a worker that wakes after its lease writes nothing", async () => {
  await using test = await open();
  const { db, acme, platform, memory, link } = test;
  const { id } = await test.router("one");
  await test.library();
  await test.store(id, OPEN);
  const stale = await takeDueChecks(db, 10, 300);
  await test.admin`update config_checks set leased_until = now() - interval '1 second'`;
  const fresh = await takeDueChecks(db, 10, 300);
  equal(fresh.length, 1);
  const deps = { ...platform, link };
  equal(await checkBatch(deps, memory, acme, stale), 0);
  equal((await test.admin`select from compliance_results`).length, 0);
  await test.store(id, NO_TELNET);
  equal(await checkBatch(deps, memory, acme, fresh), 1);
  equal(await test.check(), 1, "what came meanwhile is not lost");
  equal(await test.resultOf(id, "telnet-off"), "pass");
});

Deno.test("compliance: of another tenant nothing is there, and reading is not writing", async () => {
  await using test = await open();
  const { scope, platform, db, globex } = test;
  const { id } = await test.router("one");
  await test.library();
  await test.store(id, OPEN);
  await test.check();
  const rule = await test.ruleOf("telnet-off");
  const foreign = scopeOf(db, globex);
  await rejects(deviceCompliance(foreign, id), NotFound);
  await rejects(updateRule(foreign, platform, rule.id, { title: "x" }), NotFound);
  await rejects(ruleRouters(foreign, rule.id, { result: "fail", limit: 1 }), NotFound);
  await rejects(tryRule(foreign, platform, id, rule.body), NotFound);
  await rejects(
    addException(foreign, platform, {
      ...{ ruleId: rule.id, deviceId: id, reason: "mine now", expiresAt: null },
    }),
    InvalidInput,
  );
  equal((await complianceOverview(foreign, platform)).devices, 0);
  const viewer = { ...scope, permissions: new Set(["compliance:read"] as const) };
  equal((await listRules(viewer)).length > 0, true);
  await rejects(removeRule(viewer, platform, rule.id), Forbidden);
  await rejects(ruleFix(viewer, platform, id, rule.id), Forbidden);
});
