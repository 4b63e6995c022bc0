import { equal, ok } from "node:assert/strict";
import { startFleet } from "@/tools/sim/fleet.ts";
import { button, enrol, fill } from "./support/auth_pages.ts";
import { startBrowser } from "./support/browser.ts";
import { freePort } from "./support/ports.ts";
import { startProduct, temporaryDataDir } from "./support/product.ts";

const ROUTER = "127.77.3.1";

Deno.test({
  name: "from the first start's link to a first reading, and a second router by the assistant",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using fleet = await startFleet({
      seed: 5,
      addressBase: ROUTER,
      routers: [{ tls: "rsa" }, { tls: "anonymous" }],
    });
    const [first, second] = fleet.routers;
    await using dir = await temporaryDataDir();
    await using product = await startProduct({ dataDir: dir.path, keepSetup: true });
    await using browser = await startBrowser();
    const tab = await browser.open();
    const { page } = tab;
    const shot = Deno.env.get("SHOTS");

    await t.step("the organisation gets its name, then its first router", async () => {
      const fields = { organisation: "Acme MSP", name: "Dan", email: "dan@example.net" };
      await enrol(tab, product, product.setupToken!, fields);
      await page.getByRole("heading", { name: "Set up" }).waitFor();
      await page.getByText("Acme MSP is ready").waitFor();
      await tab.hydrated();
      await fill(page, { "adopt-address": first!.address });
      await button(page, "Look").click();
      await page.getByText("API over TLS 8729: open").waitFor();
      if (shot) await page.screenshot({ path: `${shot}/setup.png`, fullPage: true });
      await fill(page, { "adopt-username": first!.username, "adopt-password": "wrong" });
      await button(page, "Log in").click();
      await page.getByRole("alert").filter({ hasText: "user name and password" }).waitFor();
      await fill(page, { "adopt-password": first!.password });
      await button(page, "Log in").click();
      await fill(page, { "adopt-site": "North" });
      await button(page, "Add router").click();
      await page.getByText("is polled.").waitFor();
      if (shot) await page.screenshot({ path: `${shot}/setup-done.png`, fullPage: true });
      await page.getByRole("link", { name: "Done" }).click();
      await page.getByRole("heading", { name: "Overview" }).waitFor();
    });

    await t.step("a router that is there already, a dead address, and another router", async () => {
      await page.goto(`${product.url}/devices/new?address=${first!.address}`);
      await tab.hydrated();
      await button(page, "Look").click();
      await fill(page, { "adopt-username": first!.username, "adopt-password": first!.password });
      await button(page, "Log in").click();
      await button(page, "Add router").click();
      await page.getByRole("alert").filter({ hasText: /already|managed/ }).waitFor();

      await page.goto(`${product.url}/devices/new`);
      await tab.hydrated();
      await fill(page, { "adopt-address": "127.77.9.9" });
      await page.getByText("Another API port or region").click();
      await fill(page, { "adopt-port": String(await freePort()) });
      await button(page, "Look").click();
      await page.getByRole("status").filter({ hasText: "No API port answers" }).waitFor();
      await button(page, "Back").click();
      await fill(page, { "adopt-address": second!.address, "adopt-port": "" });
      await button(page, "Look").click();
      await fill(page, { "adopt-username": second!.username, "adopt-password": second!.password });
      await button(page, "Log in").click();
      await fill(page, { "adopt-name": "<b>edge</b>" });
      await button(page, "Add router").click();
      await page.getByText("is polled.").waitFor();
      await page.getByRole("link", { name: "Done" }).click();
      await page.getByRole("heading", { name: "<b>edge</b>" }).waitFor();
    });
    equal((await tab.violations()).length, 0);
    ok(tab.errors.every((error) => /40[0-9]|422/.test(error)), tab.errors.join("\n"));
  },
});
