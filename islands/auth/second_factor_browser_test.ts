import { deepEqual, equal, match } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, verify } from "node:crypto";
import type { Page } from "playwright-core";
import { alertOf, button, fill, invited, isInside, signIn } from "@/tests/support/auth_pages.ts";
import { openAuthSite } from "@/tests/support/auth_site.ts";
import { startBrowser } from "@/tests/support/browser.ts";

interface AuthenticationResponse {
  response: { clientDataJSON: string; authenticatorData: string; signature: string };
}

/** Gives the browser an authenticator that holds one passkey for `localhost`. */
async function addPasskey(page: Page): Promise<{ id: string; publicKey: KeyObject }> {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", transport: "internal", hasUserVerification: true },
      isUserVerified: true,
    },
  });
  const id = randomBytes(16);
  await session.send("WebAuthn.addCredential", {
    authenticatorId,
    credential: {
      ...{ credentialId: id.toString("base64"), isResidentCredential: false, signCount: 1 },
      rpId: "localhost",
      privateKey: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
    },
  });
  return { id: id.toString("base64url"), publicKey };
}

Deno.test({
  name: "second factors, in a browser",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using site = await openAuthSite();
    await using browser = await startBrowser();

    await t.step("a second factor is asked for where the server says so", async () => {
      const home = await browser.open();
      const eve = await invited(home, site, "eve");
      const tab = await browser.open();
      const { page } = tab;
      site.lies.clear();
      site.lies.set("/api/auth/srp/finish", (body) => ({
        ...body,
        ...{ next: "second-factor", ticket: "t1", factors: ["totp", "recovery"] },
      }));
      const asked: unknown[] = [];
      await page.route("**/api/auth/second-factor", async (route) => {
        asked.push(route.request().postDataJSON());
        const isFirst = asked.length === 1;
        const title = "Cannot sign in as this code is wrong or was used";
        await route.fulfill(
          isFirst ? { status: 401, json: { title } } : { json: { next: "done" } },
        );
      });
      await signIn(tab, site, eve);
      await page.getByTestId("second-factor").waitFor();
      await fill(page, { code: "12 34" });
      await button(page, "Continue").click();
      match(await alertOf(page).innerText(), /six digits/);
      await fill(page, { code: "123 456" });
      await button(page, "Continue").click();
      await page.getByText("Cannot sign in as this code is wrong or was used.").waitFor();
      await button(page, "Use a recovery code").click();
      equal(await alertOf(page).count(), 0);
      await fill(page, { code: eve.recoveryCodes[0]! });
      await button(page, "Continue").click();
      await isInside(page);
      deepEqual(asked, [
        { ticket: "t1", totp: "123456" },
        { ticket: "t1", recovery: eve.recoveryCodes[0] },
      ]);
      site.lies.clear();
    });

    await t.step("a passkey signs the server's challenge", async () => {
      const home = await browser.open();
      const finn = await invited(home, site, "finn");
      const tab = await browser.open();
      const { page } = tab;
      const passkey = await addPasskey(page);
      site.lies.set("/api/auth/srp/finish", (body) => ({
        ...body,
        ...{ next: "second-factor", ticket: "t2", factors: ["passkey", "totp"] },
        passkeyOptions: {
          challenge: Buffer.from("challenge of the server").toString("base64url"),
          rpId: "localhost",
          allowCredentials: [{ type: "public-key", id: passkey.id }],
        },
      }));
      const asked: { ticket: string; passkey: AuthenticationResponse }[] = [];
      await page.route("**/api/auth/second-factor", async (route) => {
        asked.push(route.request().postDataJSON());
        await route.fulfill({ json: { next: "done" } });
      });
      // Passkeys belong to names: an address of numbers has none.
      const named = { ...site, url: site.url.replace("127.0.0.1", "localhost") };
      await signIn(tab, named, finn);
      await button(page, "Use a passkey").click();
      await isInside(page);
      const [{ ticket, passkey: { response } }] = asked as [typeof asked[0]];
      equal(ticket, "t2");
      const [client, authenticator, signature] = [
        ...[response.clientDataJSON, response.authenticatorData, response.signature],
      ].map((part) => Buffer.from(part, "base64url")) as [Buffer, Buffer, Buffer];
      const { challenge, origin } = JSON.parse(client.toString());
      equal(Buffer.from(challenge, "base64url").toString(), "challenge of the server");
      equal(origin, named.url);
      const signed = Buffer.concat([authenticator, createHash("sha256").update(client).digest()]);
      equal(verify("sha256", signed, passkey.publicKey, signature), true);
      site.lies.clear();
    });
  },
});
