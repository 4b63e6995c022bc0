import { equal } from "node:assert/strict";
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import {
  alertOf,
  button,
  fill,
  invited,
  isInside,
  signIn,
  signOut,
} from "@/tests/support/auth_pages.ts";
import { openAuthSite } from "@/tests/support/auth_site.ts";
import { startBrowser } from "@/tests/support/browser.ts";

const STEP_MS = 30_000;

/** The code `steps` from now: each counts once, so a test takes the next one instead of waiting. */
function code(secret: string, steps: number): string {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  return totp.generate({ timestamp: Date.now() + steps * STEP_MS });
}

async function openFactors(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/account`);
  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
}

Deno.test({
  name: "second factors are set up, asked for and taken away, against the real server",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using site = await openAuthSite();
    await using browser = await startBrowser();
    // Browsers make passkeys for names, not for addresses.
    const local = { ...site, url: site.url.replace("127.0.0.1", "localhost") };

    await t.step("an authenticator app", async () => {
      const tab = await browser.open();
      const { page } = tab;
      const ann = await invited(tab, local, "ann");
      await openFactors(page, local.url);
      await button(page, "Add an authenticator app").click();
      const secret = await page.getByTestId("totp-secret").innerText();
      await fill(page, { "totp-code": "000000" });
      await button(page, "Confirm").click();
      await alertOf(page).waitFor();
      await fill(page, { "totp-code": code(secret, 0) });
      await button(page, "Confirm").click();
      await page.getByTestId("factors").waitFor();

      await signOut(tab, local);
      await signIn(tab, local, { email: ann.email, password: ann.password });
      await page.getByTestId("second-factor").waitFor();
      await fill(page, { code: code(secret, 1) });
      await button(page, "Continue").click();
      await isInside(page);

      await openFactors(page, local.url);
      await button(page, "Remove").click();
      await fill(page, { "remove-password": "not the password" });
      await page.getByTestId("remove-factor").getByRole("button", { name: "Remove" }).click();
      await alertOf(page).waitFor();
      await fill(page, { "remove-password": ann.password });
      await page.getByTestId("remove-factor").getByRole("button", { name: "Remove" }).click();
      await page.getByTestId("remove-factor").waitFor({ state: "detached" });
      await page.getByTestId("factors").waitFor({ state: "detached" });
      equal((await tab.violations()).length, 0);
      await page.close();
    });

    await t.step(
      "one's own account is deleted against the password, and nobody signs in by it",
      async () => {
        const tab = await browser.open();
        const { page } = tab;
        const zoe = await invited(tab, local, "zoe");
        await openFactors(page, local.url);
        await button(page, "Delete my account").click();
        await fill(page, { "erase-password": "not the password" });
        await button(page, "Delete my account for good").click();
        await alertOf(page).waitFor();
        await fill(page, { "erase-password": zoe.password });
        await button(page, "Delete my account for good").click();
        await page.getByTestId("sign-in").waitFor();
        await signIn(tab, local, zoe);
        await alertOf(page).waitFor();
        equal((await tab.violations()).length, 0);
        await page.close();
      },
    );

    await t.step("a passkey", async () => {
      const tab = await browser.open();
      const { page } = tab;
      const ben = await invited(tab, local, "ben");
      const session = await page.context().newCDPSession(page);
      await session.send("WebAuthn.enable");
      await session.send("WebAuthn.addVirtualAuthenticator", {
        options: {
          ...{ protocol: "ctap2", transport: "internal", hasUserVerification: true },
          ...{ hasResidentKey: true, isUserVerified: true },
        },
      });
      await openFactors(page, local.url);
      await button(page, "Add a passkey").click();
      await page.getByTestId("factors").waitFor();

      await signOut(tab, local);
      await signIn(tab, local, { email: ben.email, password: ben.password });
      await page.getByTestId("second-factor").locator("button[type=submit]").click();
      await isInside(page);
      equal((await tab.violations()).length, 0);
      await page.close();
    });
  },
});
