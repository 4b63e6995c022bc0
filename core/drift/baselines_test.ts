import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { deviceCompliance } from "@/core/compliance/device_compliance.ts";
import { MASK } from "@/core/configs/secrets.ts";
import { Conflict, Forbidden, InvalidInput, NotFound, PreconditionFailed } from "@/core/errors.ts";
import { addGroup } from "@/core/groups/groups.ts";
import { changeMembers } from "@/core/groups/members.ts";
import { openCompliance } from "@/tests/support/compliance.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { adoptDrift } from "./adopt.ts";
import {
  addGroupBaseline,
  changeBaseline,
  chooseBaseline,
  readBaseline,
  removeBaseline,
} from "./baselines.ts";
import { deviceDrift } from "./device_drift.ts";
import { addIgnore, removeIgnore } from "./ignores.ts";
import { planRevert, shownRevert } from "./revert.ts";

const FIRST = `/ip dns
set servers=192.0.2.53
/ip firewall filter
add action=accept chain=input comment=first
add action=drop chain=input comment=last
/ppp secret
add name=branch password=old-secret
`;
const SECOND = `/ip dns
set servers=203.0.113.1
/ip firewall filter
add action=accept chain=input comment=first
add action=accept chain=input comment=hole src-address=198.51.100.7
add action=drop chain=input comment=last
/ppp secret
add name=branch password=new-secret
`;

const versionOf = (stored: { outcome: string } | { versionId: string }) =>
  (stored as { versionId: string }).versionId;

Deno.test("drift: a router against a version of its own, adopted and taken back item by item", async () => {
  await using test = await openCompliance();
  const { scope, platform } = test;
  const { id } = await test.router("one");
  await test.library();
  const version = versionOf(await test.store(id, FIRST));
  await chooseBaseline(scope, platform, id, version);
  await test.check();
  deepEqual((await deviceDrift(scope, id)).items, []);

  await test.store(id, SECOND);
  await test.check();
  const { items, baselines } = await deviceDrift(scope, id);
  deepEqual(items.map(({ kind, menu, label }) => `${kind} ${menu} ${label}`), [
    "changed /ip/dns ",
    "added /ip/firewall/filter hole input accept 198.51.100.7",
    "changed /ppp/secret branch",
  ]);
  ok(!JSON.stringify(items).includes("-secret"), "no secret is stored");
  deepEqual(items[2]!.attributes, [{ name: "password", from: MASK, to: MASK }]);
  equal(baselines.length, 1);
  equal((await deviceCompliance(scope, id)).drifted, 3);
  deepEqual(await test.find("drift:yes"), ["one"]);
  deepEqual(await test.find("drift:no"), []);
  match(
    (await test.events("config.drifted"))[0]!,
    /one drifted from its baseline: 3 items in \/ip\/dns/,
  );

  const ids = (...at: number[]) => ({ items: at.map((n) => items[n]!.id) });
  const plan = await shownRevert(scope, platform, id, ids(0, 1));
  deepEqual(plan.cannot, []);
  deepEqual(plan.commands!.map(({ action, menu }) => `${action} ${menu}`), [
    "set /ip/dns",
    "remove /ip/firewall/filter",
  ]);
  const secret = await shownRevert(scope, platform, id, ids(2));
  equal(secret.commands, null, "secrets stay on the server");
  ok(secret.shown.includes(MASK) && !secret.shown.includes("old-secret"));
  const own = await planRevert(scope, platform, id, ids(2));
  ok(JSON.stringify(own.commands).includes("old-secret"), "the push has them");

  await adoptDrift(scope, platform, id, ids(1));
  await test.check();
  const left = await deviceDrift(scope, id);
  deepEqual(left.items.map(({ menu }) => menu), ["/ip/dns", "/ppp/secret"]);
  deepEqual(left.items.map(({ since }) => since), [items[0]!.since, items[2]!.since]);
  await rejects(adoptDrift(scope, platform, id, ids(1)), Conflict);

  await test.store(id, SECOND.replace("203.0.113.1", "192.0.2.53").replace("new-", "old-"));
  await test.check();
  deepEqual((await deviceDrift(scope, id)).items, []);
  equal((await test.events("config.undrifted")).length, 1);
});

Deno.test("drift: what a group shares, with what may differ", async () => {
  await using test = await openCompliance();
  const { scope, platform } = test;
  const [one, two] = [await test.router("one"), await test.router("two")];
  await test.library();
  const group = await addGroup(scope, platform, { name: "Edge" });
  await changeMembers(scope, platform, group.id, { add: [one.id] });
  const text =
    "/ip dns\nset servers=192.0.2.53\n/ppp secret\nadd name=branch password=old-secret\n";
  const added = await addGroupBaseline(scope, platform, { groupId: group.id, text });
  await rejects(addGroupBaseline(scope, platform, { groupId: group.id, text }), Conflict);
  await rejects(
    addGroupBaseline(scope, platform, { groupId: group.id, text: "/ip dns\nprint\n" }),
    InvalidInput,
  );
  await test.store(one.id, SECOND);
  await test.store(two.id, SECOND);
  await test.check();
  const menus = async (id: string) => (await deviceDrift(scope, id)).items.map(({ menu }) => menu);
  deepEqual(await menus(one.id), ["/ip/dns", "/ppp/secret"]);
  deepEqual(await menus(two.id), [], "it is in no group");

  const ignore = await addIgnore(scope, platform, {
    ...{ menu: "/ppp/*", attribute: "password", reason: "changed by customers" },
  });
  await test.check();
  deepEqual(await menus(one.id), ["/ip/dns"]);
  await removeIgnore(scope, platform, ignore.id);

  const shown = await readBaseline(scope, platform, added.id);
  ok(shown.text.includes(MASK) && !shown.text.includes("old-secret"));
  const edited = `${shown.text}/ip firewall filter\nadd action=drop chain=input comment=last\n`;
  await changeBaseline(scope, platform, added.id, {
    ...{ revision: 1, text: edited, wholeMenus: ["/ip/firewall/filter"] },
  });
  await rejects(
    changeBaseline(scope, platform, added.id, { revision: 1, wholeMenus: [] }),
    PreconditionFailed,
  );
  await test.check();
  const { items } = await deviceDrift(scope, one.id);
  deepEqual(items.map(({ kind, menu }) => `${kind} ${menu}`), [
    "added /ip/firewall/filter",
    "added /ip/firewall/filter",
    "changed /ip/dns",
    "changed /ppp/secret",
  ]);
  // The secret that was hidden while the text was edited is still the old one.
  const plan = await planRevert(scope, platform, one.id, { items: [items[3]!.id] });
  ok(JSON.stringify(plan.commands).includes("old-secret"));
  await adoptDrift(scope, platform, one.id, { items: items.map(({ id }) => id) });
  await test.check();
  deepEqual(await menus(one.id), []);
  match((await readBaseline(scope, platform, added.id)).text, /servers=203\.0\.113\.1/);

  const foreign = scopeOf(test.db, test.globex);
  await rejects(readBaseline(foreign, platform, added.id), NotFound);
  await rejects(deviceDrift(foreign, one.id), NotFound);
  await rejects(adoptDrift(foreign, platform, one.id, { items: [items[0]!.id] }), NotFound);
  const viewer = { ...scope, permissions: new Set(["compliance:read"] as const) };
  await rejects(removeBaseline(viewer, platform, added.id), Forbidden);
  await rejects(planRevert(viewer, platform, one.id, { items: [items[0]!.id] }), Forbidden);
  await removeBaseline(scope, platform, added.id);
  equal((await deviceDrift(scope, one.id)).baselines.length, 0);
});
