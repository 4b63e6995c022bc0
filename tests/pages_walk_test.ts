import { deepEqual, equal, ok } from "node:assert/strict";
import axe from "axe-core";
import type { AxeResults, RunOptions } from "axe-core";
import { writeEntries } from "./support/audit.ts";
import type { WatchedPage } from "./support/browser.ts";
import { plantHostileFleet } from "./support/hostile_fleet.ts";
import { plantFleet } from "./support/plant_fleet.ts";
import { openSignedIn } from "./support/signed_in.ts";
import { routes } from "@/gen/server.ts";
import type { TenantId } from "@/core/scope.ts";

/** Where each page is found; `$id` is a device. Whoever adds a page adds it here. */
const ADDRESSES: Record<string, string[]> = {
  "/routes/account.tsx": ["/account"],
  "/routes/audit.tsx": ["/audit"],
  "/routes/demo.tsx": ["/demo#nothing"],
  "/routes/devices/[id]/edit.tsx": ["/devices/$id/edit"],
  "/routes/devices/[id]/hardware.tsx": ["/devices/$id/hardware"],
  "/routes/devices/[id]/index.tsx": ["/devices/$id"],
  "/routes/devices/[id]/interfaces.tsx": ["/devices/$id/interfaces"],
  "/routes/devices/[id]/network.tsx": ["/devices/$id/network"],
  "/routes/devices/[id]/wireless.tsx": ["/devices/$id/wireless"],
  "/routes/devices/import.tsx": ["/devices/import"],
  "/routes/devices/index.tsx": ["/devices", "/devices?q=nothing-like-it"],
  "/routes/devices/new.tsx": ["/devices/new", "/devices/new?form"],
  "/routes/enrol.tsx": ["/enrol#nothing"],
  "/routes/events.tsx": ["/events"],
  "/routes/index.tsx": ["/"],
  "/routes/login.tsx": ["/login", "/login?tenant=acme&sso=refused"],
  "/routes/recover.tsx": ["/recover"],
  "/routes/settings/api-keys.tsx": ["/settings/api-keys"],
  "/routes/settings/organisation.tsx": ["/settings/organisation"],
  "/routes/settings/roles.tsx": ["/settings/roles"],
  "/routes/settings/sso.tsx": ["/settings/sso"],
  "/routes/settings/tenants.tsx": ["/settings/tenants"],
  "/routes/settings/users.tsx": ["/settings/users"],
  "/routes/setup.tsx": ["/setup"],
  "/routes/sites/index.tsx": ["/sites"],
  "/routes/transparency.tsx": ["/transparency"],
};
/** Seen by whoever is not signed in. */
const PUBLIC = /^\/routes\/(demo|enrol|login|recover)\.tsx$/;
/** Those that a fleet's size changes. */
const FLEET = /^\/(devices|sites|events|setup)?($|\?|\/\$id)/;

const RULES: RunOptions = {
  resultTypes: ["violations"],
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

/** Findings that keep somebody out, in one line each. */
async function findings({ page }: WatchedPage): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (options) =>
      (globalThis as unknown as { axe: { run(options: unknown): Promise<unknown> } }).axe
        .run(options),
    RULES as unknown,
  ) as AxeResults;
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ target, failureSummary }) =>
        `${id} ${target.join(" ")} ${failureSummary?.split("\n")[1]?.trim() ?? ""}`
      )
    );
}

/** What is wrong with the page that a tab shows. */
async function faults(tab: WatchedPage): Promise<string[]> {
  const { page, errors } = tab;
  const seen = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll("h1").length,
    mains: document.querySelectorAll("main").length,
    title: document.title,
    failed: document.querySelectorAll("fresh-island[data-failed]").length,
  }));
  const expected = (text: string) => /status of (401|404|403)/.test(text);
  return [
    ...(seen.overflow > 0 ? [`scrolls sideways by ${seen.overflow} px`] : []),
    ...(seen.headings === 1 ? [] : [`${seen.headings} h1`]),
    ...(seen.mains === 1 ? [] : [`${seen.mains} main`]),
    ...(seen.title.length > 3 && !seen.title.includes("taken") ? [] : [`title ${seen.title}`]),
    ...(seen.failed === 0 ? [] : [`${seen.failed} islands failed`]),
    ...errors.splice(0).filter((text) => !expected(text)),
    ...await tab.violations(),
  ];
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
    const hostile = await plantHostileFleet(test, acme, now);
    await writeEntries(test, acme, 30);
    const [big] = await admin<{ id: TenantId }[]>`
      insert into tenants (name, slug) values ('Big', 'big') returning id`;
    await plantFleet(platform.db, {
      ...{ tenantId: big!.id, devices: 1_000, days: 1, fiveMinuteDays: 0, rawDevices: 0 },
      ...{ interfaces: 0, now },
    });
    const [one] = await admin<{ id: string }[]>`
      select id from devices where tenant_id = ${big!.id} limit 1`;

    const wrong: string[] = [];
    let looked = 0;
    const open = async (role: "super_admin" | undefined, wide: boolean, tenantId: TenantId) => {
      const viewport = wide ? { width: 1_440, height: 900 } : { width: 390, height: 844 };
      const tab = role
        ? await test.open(role, { viewport, colorScheme: "light" }, tenantId)
        : await test.browser.open({ viewport, colorScheme: "light" });
      tab.page.on("dialog", (dialog) => {
        wrong.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      return tab;
    };
    const look = async (tab: WatchedPage, label: string, address: string, themes: string[]) => {
      await tab.page.goto("about:blank");
      await tab.page.goto(test.url + address);
      const isAwake = await tab.hydrated().then(() => true, () => false);
      looked += 1;
      const found = await faults(tab);
      if (!isAwake) found.push(`never came to life: ${await tab.page.content()}`);
      for (const theme of themes) {
        await tab.page.evaluate(
          (theme) => document.documentElement.dataset["theme"] = theme,
          theme,
        );
        found.push(...(await findings(tab)).map((text) => `${theme}: ${text}`));
      }
      wrong.push(...found.map((text) => `${label} ${address}: ${text}`));
    };

    for (const wide of [true, false]) {
      const small = await open("super_admin", wide, acme);
      const stranger = await open(undefined, wide, acme);
      const width = wide ? "wide" : "phone";
      for (const [file, addresses] of Object.entries(ADDRESSES)) {
        for (const address of addresses) {
          const tab = PUBLIC.test(file) ? stranger : small;
          const themes = wide ? ["light", "dark"] : ["light"];
          await look(tab, `3 ${width}`, address.replace("$id", hostile[2]!), themes);
        }
      }
      for (const path of ["/nowhere", `/devices/${crypto.randomUUID()}`]) {
        await look(small, `error ${width}`, path, wide ? ["light", "dark"] : []);
      }
      await small.page.context().close();
      await stranger.page.context().close();
      for (const [label, tenantId, id] of [["0", globex], ["1000", big!.id, one!.id]] as const) {
        const tab = await open("super_admin", wide, tenantId);
        for (const address of Object.values(ADDRESSES).flat()) {
          if (!FLEET.test(address) || (address.includes("$id") && !id)) continue;
          await look(
            tab,
            `${label} ${width}`,
            address.replace("$id", id ?? ""),
            wide ? ["light"] : [],
          );
        }
        await tab.page.context().close();
      }
    }
    console.log(`${looked} looks at ${pages.length} pages`);
    ok(looked > pages.length);
    equal(wrong.length, 0, wrong.join("\n"));
  },
});
