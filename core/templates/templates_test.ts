import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { MASK } from "@/core/configs/secrets.ts";
import { storeExport } from "@/core/configs/store_version.ts";
import { TemplateFile } from "@/core/contract/templates.ts";
import { Conflict, Forbidden, InvalidInput, NotFound } from "@/core/errors.ts";
import { addSite } from "@/core/sites/sites.ts";
import { openInventory } from "@/tests/support/inventory.ts";
import { scopeOf } from "@/tests/support/scope.ts";
import { LIBRARY } from "./library/mod.ts";
import { previewTemplate } from "./preview.ts";
import {
  compareTemplate,
  exportTemplate,
  getTemplate,
  listTemplates,
  listTemplateVersions,
} from "./read_templates.ts";
import {
  addFromLibrary,
  addTemplate,
  copyTemplate,
  importTemplates,
  removeTemplate,
  updateTemplate,
} from "./templates.ts";
import { listValues, setValue } from "./values.ts";
import { whoLacks } from "./who_lacks.ts";

const NTP = {
  name: "NTP",
  tags: ["time"],
  script: "/system ntp client\nset enabled=yes primary-ntp={{ntp}}\n",
  variables: [{ name: "ntp", type: "ip" as const }],
};

Deno.test("templates: versions, names, copies, files, and who may what", async () => {
  await using test = await openInventory();
  const { scope, platform } = test;
  const made = await addTemplate(scope, platform, NTP);
  equal(made.version, 1);
  await rejects(addTemplate(scope, platform, { ...NTP, name: "ntp" }), Conflict);
  await rejects(
    addTemplate(scope, platform, { ...NTP, name: "b", script: "/x\nset a={{b}}" }),
    (error: InvalidInput) => /line 2: b is not declared/.test(error.issues[0]!.message),
  );

  const script = `${NTP.script}/system clock\nset time-zone-name=UTC\n`;
  const change = { version: 1, script, note: "zone" };
  const changed = await updateTemplate(scope, platform, made.id, change);
  equal(changed.version, 2);
  await rejects(updateTemplate(scope, platform, made.id, change), Conflict);
  const renamed = await updateTemplate(scope, platform, made.id, { version: 2, name: "Time" });
  deepEqual([renamed.version, renamed.name], [2, "Time"], "another name is no version");
  const versions = await listTemplateVersions(scope, made.id);
  deepEqual(versions.map(({ version, note }) => [version, note]), [[2, "zone"], [1, ""]]);
  const { script: lines } = await compareTemplate(scope, made.id);
  deepEqual(lines.filter(({ kind }) => kind === "added").map(({ text }) => text), [
    ...["/system clock", "set time-zone-name=UTC"],
  ]);

  equal((await copyTemplate(scope, platform, made.id)).name, "Time (2)");
  const file = TemplateFile.parse(await exportTemplate(scope, made.id));
  const [imported] = await importTemplates(scope, platform, { templates: [file] });
  equal(imported!.name, "Time (3)");
  for (const { slug } of LIBRARY) await addFromLibrary(scope, platform, slug);
  await rejects(addFromLibrary(scope, platform, "nothing"), NotFound);
  equal((await listTemplates(scope)).length, 3 + LIBRARY.length);
  equal((await listTemplates(scope, { tag: "TIME" })).length, 5);
  deepEqual((await listTemplates(scope, { q: "snmp" })).length, 1);

  const viewer = scopeOf(test.db, test.acme, ["templates:read"]);
  await rejects(removeTemplate(viewer, platform, made.id), Forbidden);
  const foreign = scopeOf(test.db, test.globex);
  await rejects(getTemplate(foreign, made.id), NotFound);
  await rejects(updateTemplate(foreign, platform, made.id, { version: 2 }), NotFound);
  deepEqual(await listTemplates(foreign), []);
  await removeTemplate(scope, platform, made.id);
  await rejects(getTemplate(scope, made.id), NotFound);
  const actions = new Set(await test.actions());
  for (const act of ["added", "changed", "imported", "removed"]) ok(actions.has(`template.${act}`));
});

Deno.test("values: the nearest counts, secrets are sealed, and who lacks one is named", async () => {
  await using test = await openInventory();
  const { scope, platform, db, acme } = test;
  const north = await addSite(scope, platform, { name: "North" });
  const tower = await addSite(scope, platform, { name: "Tower", parentId: north.id });
  const [a, b, c] = [
    await test.router("a", { site: "North / Tower" }),
    await test.router("b", { site: "North" }),
    await test.router("c"),
  ];
  const template = await addTemplate(scope, platform, {
    ...{ name: "Wi-Fi", script: "/x\nset ssid={{ssid}} psk={{psk}} note={{site_name}}\n" },
    variables: [
      { name: "ssid", type: "string" as const, default: "none" },
      { name: "psk", type: "string" as const, isSecret: true },
    ],
  });
  const preview = (deviceId: string, given = {}) =>
    previewTemplate(scope, platform, template.id, { deviceId, given });
  const sourceOf = async (deviceId: string, given = {}) => {
    const { values } = await preview(deviceId, given);
    const { source, sourceName, value } = values.find(({ name }) => name === "ssid")!;
    return [source, sourceName, value];
  };
  const set = (holder: Parameters<typeof setValue>[2]["holder"], value: string | null) =>
    setValue(scope, platform, { name: "ssid", holder, value });

  deepEqual(await sourceOf(a.id), ["default", null, "none"]);
  await set({ kind: "tenant" }, "everywhere");
  deepEqual(await sourceOf(c.id), ["tenant", null, "everywhere"]);
  await set({ kind: "site", id: north.id }, "north");
  deepEqual(await sourceOf(a.id), ["site", "North", "north"]);
  await set({ kind: "site", id: tower.id }, "tower");
  deepEqual(await sourceOf(a.id), ["site", "North / Tower", "tower"]);
  deepEqual(await sourceOf(b.id), ["site", "North", "north"]);
  await set({ kind: "device", id: a.id }, "mine");
  deepEqual(await sourceOf(a.id), ["device", null, "mine"]);
  deepEqual(await sourceOf(a.id, { ssid: "now" }), ["given", null, "now"]);
  await set({ kind: "device", id: a.id }, null);
  deepEqual(await sourceOf(a.id), ["site", "North / Tower", "tower"]);

  const secret = { name: "psk", isSecret: true };
  await setValue(scope, platform, {
    ...{ ...secret, holder: { kind: "site", id: tower.id }, value: "correct horse" },
  });
  const lacks = await db.tenant(
    acme,
    (sql) => whoLacks(sql, { kms: platform.kms, tenantId: acme }, template, {}, [a, b, c]),
  );
  deepEqual(lacks, [{ message: "psk has no value", routers: ["b", "c"], count: 2 }]);
  const given = { psk: "for now only" };
  const then = await db.tenant(
    acme,
    (sql) => whoLacks(sql, { kms: platform.kms, tenantId: acme }, template, given, [a, b, c]),
  );
  deepEqual(then, [{ message: "site_name has no value", routers: ["c"], count: 1 }]);
  deepEqual((await preview(c.id)).problems[0], { line: 0, message: "psk has no value" });
  const shown = await preview(a.id);
  match(shown.script!, /ssid=tower psk="\*{8}" note=Tower/);
  ok(!JSON.stringify(shown).includes("correct horse"));
  const { items } = await listValues(scope, template.id);
  equal(items.find(({ name }) => name === "psk")!.value, null);
  const [row] = await test.admin<{ ciphertext: Uint8Array; value: unknown }[]>`
    select ciphertext, value from template_values where ciphertext is not null`;
  ok(!new TextDecoder("latin1").decode(row!.ciphertext).includes("correct"));
  equal(row!.value, "");
  await rejects(
    setValue(scopeOf(db, test.globex), platform, {
      ...{ name: "ssid", holder: { kind: "device", id: a.id }, value: "theirs" },
    }),
    NotFound,
  );
});

Deno.test("preview: what would change against the kept configuration, and what is there already", async () => {
  await using test = await openInventory();
  const { scope, platform, acme } = test;
  const { id } = await test.router("edge");
  const template = await addTemplate(scope, platform, {
    ...{
      name: "T",
      script:
        "/snmp community\nadd name={{a}} addresses=10.0.0.0/8\n/system identity\nset name={{b}}\n",
    },
    variables: [
      { name: "a", type: "string" as const, isSecret: true },
      { name: "b", type: "string" as const, default: "edge" },
    ],
  });
  const given = { a: "community-secret" };
  const preview = (by = scope) =>
    previewTemplate(by, platform, template.id, { deviceId: id, given });
  equal((await preview()).changes, null, "nothing was kept so far");
  await storeExport(platform, {
    ...{ tenantId: acme, deviceId: id, trigger: "manual", actor: "user:test" },
    text: "# by RouterOS 7.18.2\n/system identity\nset name=edge\n",
  });
  const { changes, settled, comparedAt } = await preview();
  deepEqual([settled, typeof comparedAt], [1, "string"]);
  deepEqual(changes!.map(({ menu, kind, label }) => [menu, kind, label]), [
    ["/snmp/community", "added", MASK],
  ]);
  ok(!JSON.stringify(changes).includes("community-secret"));
  const few = scopeOf(test.db, acme, ["templates:read"]);
  equal((await preview(few)).changes, null, "who may not see configurations sees none");
});
