import { deepEqual, equal, match } from "node:assert/strict";
import type { Page } from "playwright-core";
import { alertOf, button, fill, invited, isInside } from "./support/auth_pages.ts";
import { openAuthSite } from "./support/auth_site.ts";
import { startBrowser } from "./support/browser.ts";
import { startOidcServer } from "./support/oidc_server.ts";

Deno.test({
  name: "an organisation's provider is added, signs people in and is linked, on the pages",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using site = await openAuthSite({ allowLoopbackHttp: true });
    await using oidc = await startOidcServer(`${site.url}/api/auth/sso/callback`);
    await using browser = await startBrowser();
    const boss = await browser.open();
    const { page } = boss;
    const owner = await invited(boss, site, "boss");
    const open = async (path: string) => {
      await page.goto(site.url + path);
      await boss.hydrated();
    };
    const providers = page.getByTestId("sso-providers").getByRole("listitem");
    const eve = await browser.open();
    const comeBy = async (to: Page) => {
      await to.goto(`${site.url}/login?tenant=default`);
      await to.locator("html[data-hydrated]").waitFor({ state: "attached" });
      await button(to, "Continue").click();
    };

    await t.step("a provider is tried, then added", async () => {
      await open("/settings/sso");
      await fill(page, { name: "Corp <i>login</i>", issuer: `${oidc.issuer}/elsewhere` });
      await button(page, "Check discovery").click();
      await alertOf(page).waitFor();
      await fill(page, {
        ...{ issuer: oidc.issuer, clientId: oidc.clientId, clientSecret: oidc.clientSecret },
        domains: "corp.example",
      });
      await button(page, "Check discovery").click();
      await page.getByText("The issuer answers.").waitFor();
      await button(page, "Add provider").click();
      await providers.first().waitFor();
      match(await providers.first().innerText(), /Corp <i>login<\/i>/);
      equal((await page.content()).includes(oidc.clientSecret), false);
    });

    await t.step("nobody is let in until it is said that newcomers become viewers", async () => {
      oidc.person = { sub: "eve", email: "eve@corp.example", email_verified: true, name: "Eve" };
      await comeBy(eve.page);
      await eve.page.getByText("Nobody was signed in").waitFor();
      await page.getByLabel("New people of these domains become viewers").click();
      await page.waitForFunction(() => !document.querySelector("input[type=checkbox]:disabled"));
      await comeBy(eve.page);
      await isInside(eve.page);
      equal(await eve.page.getByRole("link", { name: "Users" }).count(), 0);
      equal((await eve.page.goto(`${site.url}/settings/sso`))?.status(), 403);
    });

    await t.step(
      "a local account is linked by its password, then signs in either way",
      async () => {
        oidc.person = { sub: "boss", email: "boss@elsewhere.example", email_verified: true };
        await open("/account");
        await page.getByRole("button", { name: /^Link/ }).click();
        await fill(page, { "link-password": owner.password });
        await button(page, "Go to sign in there").click();
        await page.getByTestId("identities").getByText("Corp <i>login</i>").waitFor();
        const other = await browser.open();
        await comeBy(other.page);
        await isInside(other.page);
        equal(await other.page.getByRole("link", { name: "Users" }).count(), 1);
        await other.page.close();
      },
    );

    await t.step("a provider that is turned off lets nobody in", async () => {
      await open("/settings/sso");
      await providers.getByRole("button", { name: "Disable" }).click();
      await providers.getByRole("button", { name: "Enable" }).waitFor();
      await eve.page.context().clearCookies();
      await comeBy(eve.page);
      await eve.page.getByText("Nobody was signed in").waitFor();
    });
    deepEqual(await boss.violations(), []);
    deepEqual(boss.errors.filter((text) => !/status of 4\d\d/.test(text)), []);
  },
});
