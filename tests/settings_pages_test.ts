import { deepEqual, equal } from "node:assert/strict";
import { button, enrol, fill, invited, isInside } from "./support/auth_pages.ts";
import { openAuthSite } from "./support/auth_site.ts";
import { startBrowser } from "./support/browser.ts";

Deno.test({
  name: "people and programs are let in and shut out from the settings pages",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using site = await openAuthSite();
    await using browser = await startBrowser();
    const boss = await browser.open();
    const { page } = boss;
    await invited(boss, site, "boss");
    const open = async (path: string) => {
      await page.goto(site.url + path);
      await boss.hydrated();
    };
    const secret = () => page.getByTestId("one-time-secret").innerText();

    await t.step("an invitation made on the page lets a viewer in, and no further", async () => {
      await open("/settings/users");
      await fill(page, { name: "Eve <b>Viewer</b>", email: "eve@example.net" });
      await button(page, "Invite").click();
      const token = (await secret()).split("#")[1]!;
      const eve = await browser.open();
      await enrol(eve, site, token);
      await isInside(eve.page);
      equal(await eve.page.getByRole("link", { name: "Users" }).count(), 0);
      equal((await eve.page.goto(`${site.url}/settings/users`))?.status(), 403);

      await open("/settings/users");
      const row = page.getByRole("row").filter({ hasText: "eve@example.net" });
      await row.getByText("Active", { exact: true }).waitFor();
      await row.getByRole("button", { name: "Deactivate" }).click();
      await row.getByText("Deactivated", { exact: true }).waitFor();
      await eve.page.goto(site.url);
      await eve.page.getByTestId("sign-in").waitFor();
      await eve.page.close();
    });

    await t.step("a key made on the page works until it is revoked there", async () => {
      await open("/settings/api-keys");
      await fill(page, { name: "Grafana" });
      await page.getByLabel("devices:read").check();
      await button(page, "Make key").click();
      const authorization = `Bearer ${await secret()}`;
      const ask = async (path: string) => {
        const answer = await fetch(site.url + path, { headers: { authorization } });
        await answer.body?.cancel();
        return answer.status;
      };
      deepEqual([await ask("/api/devices"), await ask("/api/users")], [200, 403]);
      page.once("dialog", (dialog) => void dialog.accept());
      await button(page, "Revoke").click();
      await page.getByText("revoked", { exact: true }).waitFor();
      equal(await ask("/api/devices"), 401);
    });

    await t.step("a tenant made on the page can be worked in, and left", async () => {
      await open("/settings/tenants");
      await fill(page, {
        name: "Initech",
        slug: "initech",
        adminName: "Bill",
        adminEmail: "bill@example.net",
      });
      await button(page, "Make tenant").click();
      await secret();
      const row = (name: string) => page.getByRole("row").filter({ hasText: name });
      const home = await row("default").locator("bdi").innerText();
      await row("initech").getByRole("button", { name: "Work here" }).click();
      await isInside(page);
      const switcher = page.locator("aside details");
      await switcher.getByText("Initech").waitFor();
      await boss.hydrated();
      await switcher.locator("summary").click();
      await page.keyboard.press("Escape");
      equal(await switcher.getAttribute("open"), null, "Escape closes it");
      await page.keyboard.press("Enter");
      const here = switcher.getByRole("button", { name: "Initech" });
      await here.waitFor();
      equal(await here.isDisabled(), true, "one is there already");
      await switcher.getByRole("button", { name: home }).click();
      await page.locator("aside summary").getByText(home).waitFor();
      await isInside(page);
    });

    await t.step("a tenant's deletion is asked for, exported and taken back", async () => {
      await open("/settings/tenants");
      await page.getByRole("button", { name: "Delete Initech" }).click();
      const panel = page.getByRole("region", { name: "Deletion of Initech" });
      const first = panel.getByRole("button", { name: "Suspend and ask for deletion" });
      equal(await first.isDisabled(), true);
      await panel.getByLabel("Type initech to confirm").fill("initech");
      await first.click();
      await panel.getByText("For good from").waitFor();
      await panel.getByLabel("Type initech to confirm").fill("initech");
      equal(await panel.getByRole("button", { name: "Delete for good" }).isDisabled(), true);
      const saved = page.waitForEvent("download");
      await panel.getByRole("button", { name: "Export data" }).click();
      equal((await saved).suggestedFilename(), "tod-tenant-initech.jsonl");
      await panel.getByText("Exported.").waitFor();
      await panel.getByRole("button", { name: "Keep this tenant" }).click();
      await panel.getByRole("button", { name: "Suspend and ask for deletion" }).waitFor();
      await page.getByRole("row").filter({ hasText: "initech" }).getByText("Suspended").waitFor();
    });

    await t.step(
      "an organisation that demands a second factor shows its people the way",
      async () => {
        await open("/settings/organisation");
        await page.getByLabel("Everybody needs a second factor").check();
        await page.waitForFunction(() =>
          !document.querySelector<HTMLInputElement>("input[type=checkbox]:disabled")
        );
        await page.goto(`${site.url}/devices`);
        await page.getByText("This organisation asks for a second factor").waitFor();
        equal(new URL(page.url()).pathname, "/account");
      },
    );
    deepEqual(await boss.violations(), []);
  },
});
