import { deepEqual, equal, ok } from "node:assert/strict";
import axe from "axe-core";
import type { AxeResults, RunOptions } from "axe-core";
import { writeEntries } from "./support/audit.ts";
import type { WatchedPage } from "./support/browser.ts";
import { HOSTILE, plantHostileFleet } from "./support/hostile_fleet.ts";
import { plantConfigs } from "./support/plant_configs.ts";
import { plantChangeSet } from "./support/plant_change_set.ts";
import { plantCompliance } from "./support/plant_compliance.ts";
import { plantFindings } from "./support/plant_findings.ts";
import { plantJobs } from "./support/plant_jobs.ts";
import { plantFleet } from "./support/plant_fleet.ts";
import { plantPush } from "./support/plant_push.ts";
import { openSignedIn } from "./support/signed_in.ts";
import { scopeOf } from "./support/scope.ts";
import { addSector } from "@/core/sites/sectors.ts";
import { addSite } from "@/core/sites/sites.ts";
import { changeDevices } from "@/core/bulk_edit/change_devices.ts";
import { routes } from "@/gen/server.ts";
import type { PushState } from "@/core/contract/pushes.ts";
import type { TenantId } from "@/core/scope.ts";

/** Where each page is found; `$id` is a device, `$bulk` a change of many, `$site` a site, `$scan` a scan, `$push` and `$unknown` pushes. Whoever adds a page adds it here. */
/** Where each page is found; `$id` is a device, `$bulk` a change of many, `$changes` a change set, `$site` a site, `$scan` a scan. Whoever adds a page adds it here. */
/** Where each page is found; `$id` is a device, `$bulk` a change of many, `$site` a site, `$scan` a scan, `$rule` a rule. Whoever adds a page adds it here. */
const ADDRESSES: Record<string, string[]> = {
  "/routes/account.tsx": ["/account"],
  "/routes/clients/[mac].tsx": ["/clients/02:00:00:00:00:01"],
  "/routes/clients/index.tsx": ["/clients", "/clients?q=nothing-like-it"],
  "/routes/audit.tsx": ["/audit"],
  "/routes/change-sets/[id].tsx": ["/change-sets/$changes"],
  "/routes/change-sets/index.tsx": ["/change-sets", "/change-sets?filter=waiting"],
  "/routes/compare.tsx": ["/compare?ids=$id", "/compare"],
  "/routes/compliance/baselines.tsx": ["/compliance/baselines"],
  "/routes/compliance/exceptions.tsx": ["/compliance/exceptions"],
  "/routes/compliance/index.tsx": ["/compliance", "/compliance?filter=failing&q=nothing"],
  "/routes/compliance/policies.tsx": ["/compliance/policies"],
  "/routes/compliance/report.tsx": ["/compliance/report"],
  "/routes/compliance/rules/[id].tsx": ["/compliance/rules/$rule"],
  "/routes/compliance/rules/index.tsx": ["/compliance/rules"],
  "/routes/compliance/rules/new.tsx": ["/compliance/rules/new"],
  "/routes/configs/index.tsx": ["/configs", "/configs?find=nothing", "/configs?find=nat"],
  "/routes/configs/rules.tsx": ["/configs/rules"],
  "/routes/demo.tsx": ["/demo#nothing"],
  "/routes/devices/[id]/clients.tsx": ["/devices/$id/clients", "/devices/$id/clients?q=nothing"],
  "/routes/devices/[id]/changes.tsx": ["/devices/$id/changes"],
  "/routes/devices/[id]/charts.tsx": ["/devices/$id/charts"],
  "/routes/devices/[id]/config/blame.tsx": ["/devices/$id/config/blame"],
  "/routes/devices/[id]/config/full.tsx": ["/devices/$id/config/full"],
  "/routes/devices/[id]/compliance.tsx": ["/devices/$id/compliance"],
  "/routes/devices/[id]/config/index.tsx": ["/devices/$id/config"],
  "/routes/devices/[id]/edit.tsx": ["/devices/$id/edit"],
  "/routes/devices/[id]/editor.tsx": ["/devices/$id/editor?menu=/ip/firewall/filter"],
  "/routes/devices/[id]/events.tsx": ["/devices/$id/events"],
  "/routes/devices/[id]/hardware.tsx": ["/devices/$id/hardware"],
  "/routes/devices/[id]/index.tsx": ["/devices/$id"],
  "/routes/devices/[id]/interfaces.tsx": ["/devices/$id/interfaces"],
  "/routes/devices/[id]/logs.tsx": ["/devices/$id/logs"],
  "/routes/devices/[id]/network.tsx": ["/devices/$id/network"],
  "/routes/devices/[id]/restore.tsx": ["/devices/$id/restore", "/devices/$id/restore?version=x"],
  "/routes/devices/[id]/simple.tsx": ["/devices/$id/simple"],
  "/routes/devices/[id]/tools.tsx": [
    "/devices/$id/tools",
    "/devices/$id/tools?tool=bandwidth-test",
  ],
  "/routes/devices/[id]/wireless.tsx": ["/devices/$id/wireless"],
  "/routes/devices/bulk/[id].tsx": ["/devices/bulk/$bulk"],
  "/routes/devices/import.tsx": ["/devices/import"],
  "/routes/devices/index.tsx": ["/devices", "/devices?q=nothing-like-it"],
  "/routes/devices/new.tsx": ["/devices/new", "/devices/new?form"],
  "/routes/discovery/scans/[id].tsx": ["/discovery/scans/$scan"],
  "/routes/discovery/scans/index.tsx": ["/discovery/scans"],
  "/routes/discovery/index.tsx": ["/discovery", "/discovery?ignored=1", "/discovery?q=nothing"],
  "/routes/enrol.tsx": ["/enrol#nothing"],
  "/routes/events.tsx": ["/events"],
  "/routes/groups/index.tsx": ["/groups"],
  "/routes/jobs/[id].tsx": ["/jobs/$job", "/jobs/$job?state=failed"],
  "/routes/jobs/index.tsx": ["/jobs", "/jobs?q=nothing"],
  "/routes/jobs/new.tsx": ["/jobs/new", "/jobs/new?template=$template"],
  "/routes/index.tsx": ["/", "/?q=site:nowhere&hours=168"],
  "/routes/login.tsx": ["/login", "/login?tenant=acme&sso=refused"],
  "/routes/logs/index.tsx": ["/logs"],
  "/routes/map.tsx": ["/map"],
  "/routes/pushes/[id].tsx": ["/pushes/$push", "/pushes/$unknown"],
  "/routes/pushes/index.tsx": ["/pushes", "/pushes?state=waiting", "/pushes?q=nothing"],
  "/routes/recover.tsx": ["/recover"],
  "/routes/settings/api-keys.tsx": ["/settings/api-keys"],
  "/routes/settings/credentials.tsx": ["/settings/credentials"],
  "/routes/settings/organisation.tsx": ["/settings/organisation"],
  "/routes/settings/roles.tsx": ["/settings/roles"],
  "/routes/settings/sso.tsx": ["/settings/sso"],
  "/routes/settings/tenants.tsx": ["/settings/tenants"],
  "/routes/settings/users.tsx": ["/settings/users"],
  "/routes/setup.tsx": ["/setup"],
  "/routes/sites/[id].tsx": ["/sites/$site"],
  "/routes/sites/index.tsx": ["/sites"],
  "/routes/tags/index.tsx": ["/tags"],
  "/routes/templates/[id].tsx": [
    "/templates/$template",
    "/templates/$template?tab=values",
    "/templates/$template?tab=preview",
    "/templates/$template?tab=history",
  ],
  "/routes/templates/index.tsx": ["/templates", "/templates?q=nothing"],
  "/routes/templates/new.tsx": ["/templates/new"],
  "/routes/topology/index.tsx": ["/topology"],
  "/routes/tenants.tsx": ["/tenants"],
  "/routes/transparency.tsx": ["/transparency"],
};
/** Seen by whoever is not signed in. */
const PUBLIC = /^\/routes\/(demo|enrol|login|recover)\.tsx$/;
/** Those that a fleet's size does not change; devices/$id pages do without it where there is none. */
const APART = /^\/(account|audit|demo|enrol|login|recover|settings|transparency)\b/;

const WIDE = { width: 1_440, height: 900 };
const PHONE = { width: 390, height: 844 };

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const EVERYTHING: RunOptions = { resultTypes: ["violations"], runOnly: TAGS };
/** What a theme changes. */
const COLOURS: RunOptions = { resultTypes: ["violations"], runOnly: ["color-contrast"] };

/** Findings of axe that keep somebody out, in one line each. */
async function findings({ page }: WatchedPage, rules: RunOptions): Promise<string[]> {
  const { violations } = await page.evaluate(
    (options) =>
      (globalThis as unknown as { axe: { run(options: unknown): Promise<unknown> } }).axe
        .run(options),
    rules as unknown,
  ) as AxeResults;
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ target, failureSummary }) =>
        `${id} ${target.join(" ")} ${failureSummary?.split("\n")[1]?.trim() ?? ""}`
      )
    );
}

/** What is wrong with the page that a tab shows, whatever its colours. */
async function faults(tab: WatchedPage): Promise<string[]> {
  const { page, errors } = tab;
  const seen = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll("h1").length,
    mains: document.querySelectorAll("main").length,
    title: document.title,
    failed: document.querySelectorAll("fresh-island[data-failed]").length,
  }));
  // A link that is no link, a thing that is not there: the browser says so by itself.
  // 504: no poller runs here, so no router can be reached.
  const expected = (text: string) => /status of (401|403|404|422|504)/.test(text);
  return [
    ...(seen.overflow > 0 ? [`scrolls sideways by ${seen.overflow} px`] : []),
    ...(seen.headings === 1 ? [] : [`${seen.headings} h1`]),
    ...(seen.mains === 1 ? [] : [`${seen.mains} main`]),
    ...(seen.title.length > 3 && seen.title !== "taken" ? [] : [`title ${seen.title}`]),
    ...(seen.failed === 0 ? [] : [`${seen.failed} islands failed`]),
    ...errors.splice(0).filter((text) => !expected(text)),
    ...await tab.violations(),
  ];
}

/**
 * Everything wrong with one address. One load: its markup is the same in both themes and at both
 * widths, which only decide what of it shows and where.
 */
async function look(tab: WatchedPage, url: string): Promise<string[]> {
  const { page } = tab;
  await page.setViewportSize(WIDE);
  // Nothing of the page before it lives on, not even where only the fragment differs.
  if (url.includes("#")) await page.goto("about:blank");
  await page.goto(url);
  const hasIslands = await page.locator("fresh-island").count() > 0;
  const isAwake = !hasIslands || await tab.hydrated().then(() => true, () => false);
  const found: string[] = isAwake ? [] : ["never came to life"];
  const add = (where: string, texts: string[]) =>
    found.push(...texts.map((text) => `${where}: ${text}`));
  await page.evaluate(axe.source);
  const dress = (theme: string) =>
    page.evaluate((theme) => document.documentElement.dataset["theme"] = theme, theme);
  await dress("light");
  add("wide", await faults(tab));
  add("wide, light", await findings(tab, EVERYTHING));
  await dress("dark");
  add("wide, dark", await findings(tab, COLOURS));
  await page.setViewportSize(PHONE);
  add("phone", await faults(tab));
  add("phone, dark", await findings(tab, EVERYTHING));
  return found;
}

interface Lane {
  label: string;
  /** Of whom the tab is; nobody: not signed in. */
  tenantId: TenantId | undefined;
  addresses: string[];
}

Deno.test({
  name: "every page, empty, small, hostile and large: sound, accessible, within its width",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const pages = Object.keys(routes).filter((file) =>
      file.endsWith(".tsx") && !file.includes("/_")
    );
    deepEqual(Object.keys(ADDRESSES).toSorted(), pages.toSorted(), "each page has its address");

    await using test = await openSignedIn();
    const { acme, globex, admin, platform } = test;
    const now = Date.now();
    const [[big], hostile] = await Promise.all([
      admin<{ id: TenantId }[]>`
        insert into tenants (name, slug) values ('Big', 'big') returning id`,
      plantHostileFleet(test, acme, now),
      writeEntries(test, acme, 30),
    ]);
    await plantFleet(platform.db, {
      ...{ tenantId: big!.id, devices: 1_000, days: 1, fiveMinuteDays: 0, rawDevices: 0 },
      ...{ interfaces: 0, now },
    });
    const [one] = await admin<{ id: string }[]>`
      select id from devices where tenant_id = ${big!.id} limit 1`;

    const bulk = await changeDevices(scopeOf(test.db, acme), platform, {
      ...{ ids: [...hostile, crypto.randomUUID()], change: { action: "polling", isEnabled: true } },
    });
    const scan = await plantFindings(test, acme);
    await plantConfigs(platform, acme, hostile[2]!, now);
    const rule = await plantCompliance(platform, acme, hostile[2]!, now);

    const changes = await plantChangeSet(scopeOf(test.db, acme), platform, hostile[2]!);

    const planted = await plantJobs(scopeOf(test.db, acme), platform, hostile);

    const site = await addSite(scopeOf(test.db, acme), platform, { name: HOSTILE[0] });
    for (const [index, name] of HOSTILE.entries()) {
      const sector = { name: name.slice(0, 90).replace(/["\p{Cc}]/gu, "'"), azimuth: index * 120 };
      await addSector(scopeOf(test.db, acme), platform, site.id, sector);
    }

    const plant = (deviceId: string, state: PushState) =>
      plantPush(platform, {
        ...{ tenantId: acme, deviceId, state, text: HOSTILE[0] },
        request: { title: HOSTILE[1].slice(0, 200) },
      });
    const push = await plant(hostile[2]!, "applied");
    const unknown = await plant(hostile[1]!, "unknown");

    const of = (isPublic: boolean) =>
      Object.entries(ADDRESSES).filter(([file]) => PUBLIC.test(file) === isPublic)
        .flatMap(([, addresses]) => addresses);
    const fleet = Object.values(ADDRESSES).flat().filter((address) => !APART.test(address));
    const small = [...of(false), "/nowhere", `/devices/${crypto.randomUUID()}`]
      .map((address) =>
        address
          .replace("$id", hostile[2]!)
          .replace("$bulk", bulk.id)
          .replace("$site", site.id)
          .replace("$scan", scan)
          .replace("$push", push)
          .replace("$unknown", unknown)
          .replace("$changes", changes)
          .replace("$rule", rule)
          .replace("$template", planted.templateId)
          .replace("$job", planted.jobId)
      );
    const half = Math.ceil(small.length / 2);
    const lanes: Lane[] = [
      { label: "3", tenantId: acme, addresses: small.slice(0, half) },
      { label: "3", tenantId: acme, addresses: small.slice(half) },
      {
        label: "1000",
        tenantId: big!.id,
        addresses: fleet.map((address) => address.replace("$id", one!.id))
          .filter((address) => !address.includes("$")),
      },
      {
        label: "0",
        tenantId: globex,
        addresses: fleet.filter((address) => !address.includes("$")),
      },
      { label: "nobody", tenantId: undefined, addresses: of(true) },
    ];
    const wrong: string[] = [];
    let looked = 0;
    await Promise.all(lanes.map(async ({ label, tenantId, addresses }) => {
      const options = { viewport: WIDE, colorScheme: "light", reducedMotion: "reduce" } as const;
      const tab = tenantId
        ? await test.open("super_admin", options, tenantId)
        : await test.browser.open(options);
      tab.page.on("dialog", (dialog) => {
        wrong.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      for (const address of addresses) {
        const found = await look(tab, test.url + address);
        looked += 1;
        wrong.push(...found.map((text) => `${label} ${address}, ${text}`));
      }
      await tab.page.context().close();
    }));
    console.log(`${looked} looks at ${pages.length} pages`);
    ok(looked > pages.length);
    equal(wrong.length, 0, wrong.join("\n"));
  },
});
