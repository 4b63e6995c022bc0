import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createAdmin, firstRunToken } from "@/core/auth/first_run.ts";
import { formatSecretKey, makeSecretKey, parseSecretKey } from "@/core/srp/secret_key.ts";
import {
  alertOf,
  button,
  enrol,
  fill,
  invited,
  isInside,
  kitLines,
  PASSWORD,
  type Person,
  signIn,
  signOut,
} from "@/tests/support/auth_pages.ts";
import { openAuthSite } from "@/tests/support/auth_site.ts";
import { startBrowser } from "@/tests/support/browser.ts";
import { makeSignInLink } from "./sign_in_link.ts";

const REFUSED = /e-mail, password or Secret Key is wrong\. Check all three/;

/** Fails when anything that was sent holds password or Secret Key, or what is simply made of them. */
function demandNoSecret(sent: readonly string[], { password, secretKey }: Person): void {
  ok(sent.some((request) => request.includes('"M1"')), "the tap hears the sign-in");
  ok(sent.some((request) => request.includes('"verifier"')), "and the enrolment");
  const key = parseSecretKey(secretKey);
  const symbols = secretKey.replaceAll("-", "");
  const plain = [password, password.normalize("NFKD"), secretKey, symbols, symbols.slice(2)];
  const bytes = [...plain.map((text) => Buffer.from(text)), Buffer.from(key)];
  const needles = new Set([...plain, encodeURIComponent(password)]);
  for (const one of bytes) {
    for (const algorithm of ["md5", "sha1", "sha256", "sha384", "sha512"]) {
      const digest = createHash(algorithm).update(one).digest();
      for (const form of ["hex", "base64", "base64url"] as const) {
        needles.add(digest.toString(form));
      }
    }
    for (const form of ["hex", "base64", "base64url"] as const) needles.add(one.toString(form));
  }
  // Parts too: any two neighbouring groups. One alone is short enough to be met by chance.
  for (let at = 3; at + 11 <= secretKey.length; at = secretKey.indexOf("-", at) + 1 || Infinity) {
    const pair = secretKey.slice(at).split("-").slice(0, 2);
    for (const glue of ["-", ""]) needles.add(pair.join(glue));
  }
  const everything = sent.join("\n").toLowerCase();
  for (const needle of needles) {
    equal(everything.includes(needle.toLowerCase()), false, `${needle} was sent`);
  }
}

/** The first two neighbours that differ, exchanged. */
function swapped(key: string): string {
  const at = [...key].findIndex((symbol, i) =>
    i > 2 && symbol !== "-" && key[i + 1] !== "-" && key[i + 1] !== symbol
  );
  return key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2);
}

Deno.test({
  name: "signing in, in a browser",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using site = await openAuthSite();
    await using browser = await startBrowser();

    await t.step(
      "a password is changed against the old one; a recovery code replaces all",
      async () => {
        const tab = await browser.open();
        const { page } = tab;
        const dan = await enrol(tab, site, (await firstRunToken(site.deps))!, {
          organisation: "Acme <MSP>",
          name: "Dan",
          email: "dan@example.net",
        });
        await page.getByRole("heading", { name: "Set up" }).waitFor();
        await page.getByRole("link", { name: "Skip for now" }).click();
        await isInside(page);
        const next = "vier rote Eulen auf dem Dach";
        const change = async (old: string) => {
          await page.goto(`${site.url}/account`);
          await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
          await fill(page, {
            "old-password": old,
            "new-password": next,
            "new-password-again": next,
          });
          await button(page, "Change password").click();
        };
        await change("not this one, surely");
        match(await alertOf(page).innerText(), /password is wrong/);
        await change(dan.password);
        await page.getByText("The password is changed").waitFor();

        // The kit once more, and new codes: the old ones are void then.
        const [again] = await Promise.all([
          page.waitForEvent("download"),
          button(page, "Download the Emergency Kit").click(),
        ]);
        const lines = await kitLines(await readFile(await again.path()));
        ok(lines.includes(dan.secretKey));
        await fill(page, { "proof-password": next });
        await button(page, "Make new codes").click();
        await page.getByTestId("recovery-codes").waitFor();
        const codes = await page.getByTestId("recovery-codes").locator("li").allInnerTexts();
        equal(codes.length, dan.recoveryCodes.length);
        equal(codes.some((code) => dan.recoveryCodes.includes(code)), false);

        const elsewhere = await browser.open();
        await signIn(elsewhere, site, dan);
        match(await alertOf(elsewhere.page).innerText(), REFUSED);
        await signIn(elsewhere, site, { ...dan, password: next });
        await isInside(elsewhere.page);
        demandNoSecret(site.sent, { ...dan, password: next });

        const lost = await browser.open();
        await lost.page.goto(`${site.url}/recover`);
        await lost.hydrated();
        await fill(lost.page, { email: dan.email, code: dan.recoveryCodes[0]! });
        await button(lost.page, "Continue").click();
        match(await alertOf(lost.page).innerText(), /e-mail or recovery code is wrong/);
        await fill(lost.page, { email: dan.email, code: codes[0]! });
        await button(lost.page, "Continue").click();
        await lost.page.getByTestId("enrol").waitFor();
        const token = new URL(lost.page.url()).hash.slice(1);
        await lost.page.goto("about:blank");
        const anew = await enrol(lost, site, token);
        notEqual(anew.secretKey, dan.secretKey);
        await lost.page.getByTestId("sign-in").waitFor();
        await lost.page.getByTestId("known").waitFor();
        await fill(lost.page, { password: PASSWORD });
        await button(lost.page, "Sign in").click();
        await isInside(lost.page);

        // The link is used up, and says what to do.
        await lost.page.goto(`${site.url}/enrol#${token}`);
        await lost.page.reload();
        match(await alertOf(lost.page).innerText(), /it was used, has expired/);
        await lost.page.getByText("Ask whoever sent it for a new link").waitFor();
      },
    );

    await t.step(
      "enrol, save the kit, sign in here by password and elsewhere by the kit",
      async () => {
        const tab = await browser.open();
        const { page } = tab;
        const workers: string[] = [];
        page.on("worker", (worker) => workers.push(worker.url()));
        const token = await createAdmin(site.deps, { email: "ann@example.net", name: "Ann" });

        await page.goto(`${site.url}/enrol#${token}`);
        await page.getByTestId("enrol").getByText("ann@example.net").waitFor();
        await fill(page, { "new-password": "too short", "new-password-again": "too short" });
        await button(page, "Continue").click();
        await page.getByText("3 more characters.").waitFor();
        await fill(page, { "new-password": PASSWORD, "new-password-again": `${PASSWORD}!` });
        await button(page, "Continue").click();
        await page.getByText("The two differ").waitFor();
        equal(workers.length, 0);

        // A page closed before the kit was saved: the link still works.
        await fill(page, { "new-password-again": PASSWORD });
        await button(page, "Continue").click();
        const shown = await page.getByTestId("secret-key").innerText();
        match(shown, /^A3-/);
        equal(await page.locator("#last-group").isDisabled(), true, "not before it was taken");
        equal(await button(page, "Finish").isDisabled(), true);
        match(workers[0]!, /\/assets\/derive_worker-[\w-]+\.js$/);
        await Promise.all([page.waitForEvent("download"), button(page, "Download PDF").click()]);
        await fill(page, { "last-group": "00000" });
        await button(page, "Finish").click();
        match(await alertOf(page).innerText(), /not the last group/);
        await page.reload();

        const ann = await enrol(tab, site, token);
        await isInside(page);
        notEqual(ann.secretKey, shown, "the key that was never saved is forgotten");
        equal(ann.email, "ann@example.net");
        equal(page.url(), `${site.url}/`);

        // This browser is known: it asks for the password alone, and fills in the address.
        await signOut(tab, site);
        await page.goto(`${site.url}/login?next=//evil.example/`);
        await page.getByTestId("known").waitFor();
        equal(await page.locator("#email").inputValue(), ann.email);
        equal(await page.locator("#secret-key").count(), 0);
        await fill(page, { password: PASSWORD.normalize("NFD") });
        await button(page, "Sign in").click();
        await isInside(page);
        equal(page.url(), `${site.url}/`, "and leads nowhere else");

        // Elsewhere: the key as people type it, then the code as phones scan it.
        const fresh = await browser.open();
        const typed = ann.secretKey.slice(3).replaceAll("-", " ").toLowerCase().replaceAll(
          "0",
          "o",
        );
        await signIn(fresh, site, { ...ann, secretKey: typed }, "/login?next=/account");
        await fresh.page.getByTestId("change-password").waitFor();
        const phone = await browser.open();
        await phone.page.goto(makeSignInLink(`${site.url}/login`, ann));
        await phone.hydrated();
        equal(phone.page.url(), `${site.url}/login`, "the key is gone from the address bar");
        equal(await phone.page.locator("#secret-key").inputValue(), ann.secretKey);
        await fill(phone.page, { password: PASSWORD });
        await button(phone.page, "Sign in").click();
        await isInside(phone.page);

        // Forgotten here, it is asked for again.
        await signOut(tab, site);
        await page.goto(`${site.url}/login`);
        await button(page, "forget it here").click();
        await page.locator("#secret-key").waitFor();
        await page.reload();
        await page.locator("#secret-key").waitFor();

        for (const each of [tab, fresh, phone]) {
          deepEqual(await each.violations(), []);
          deepEqual(each.errors, []);
        }
        demandNoSecret(site.sent, ann);
      },
    );

    await t.step(
      "whatever is wrong is refused alike; a typing error does not leave the browser",
      async () => {
        const home = await browser.open();
        const ben = await invited(home, site, "ben");
        const tab = await browser.open();
        const { page } = tab;
        const began = site.sent.length;
        await signIn(tab, site, { ...ben, secretKey: swapped(ben.secretKey) });
        await page.getByText("typing error").waitFor();
        equal(site.sent.slice(began).some((request) => request.includes("/srp/")), false);

        const other = formatSecretKey(makeSecretKey());
        const words = new Set<string>();
        for (
          const attempt of [
            { ...ben, password: "not this one, surely" },
            { ...ben, secretKey: other },
            { ...ben, email: "nobody@example.net" },
          ]
        ) {
          await signIn(tab, site, attempt);
          words.add(await alertOf(page).innerText());
        }
        equal(words.size, 1);
        match([...words][0]!, REFUSED);

        // A proof that worked opens nothing a second time.
        await signIn(tab, site, ben);
        await isInside(page);
        const used = site.sent.findLast((request) => request.includes('"M1"'))!.split("\n").at(-1)!;
        const again = await page.evaluate(async (body) => {
          const headers = { "content-type": "application/json" };
          return (await fetch("/api/auth/srp/finish", { method: "POST", headers, body })).status;
        }, used);
        equal(again, 401);
      },
    );

    await t.step("a server that lies gets no proof, or no trust", async () => {
      const home = await browser.open();
      const cat = await invited(home, site, "cat");
      const tab = await browser.open();
      site.lies.set("/api/auth/srp/start", (body) => ({ ...body, iterations: 1_000 }));
      const began = site.sent.length;
      await signIn(tab, site, cat);
      match(await alertOf(tab.page).innerText(), /less protection than it should/);
      equal(site.sent.slice(began).some((request) => request.includes("/srp/finish")), false);
      site.lies.clear();
      site.lies.set("/api/auth/srp/finish", (body) => ({ ...body, M2: "00".repeat(32) }));
      await signIn(tab, site, cat);
      match(await alertOf(tab.page).innerText(), /could not prove that it knows your account/);
      equal(tab.page.url(), `${site.url}/login`);
    });
  },
});
