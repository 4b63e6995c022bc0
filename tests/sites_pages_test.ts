import { deepEqual, equal } from "node:assert/strict";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name: "a tree of sites is made on its page, routers are put there and found by it",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openSignedIn();
    const tab = await test.open("operator");
    const { page } = tab;
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const row = (name: string) =>
      page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };

    await open("/sites");
    await page.locator("#site-name").fill("Vienna <b>Water</b>");
    await page.locator("form .btn-primary").click();
    await row("Vienna <b>Water</b>").waitFor();
    await button("Add below Vienna <b>Water</b>").click();
    await page.locator("#site-name").fill("North");
    await page.locator("#site-latitude").fill("48.2");
    await page.locator("form .btn-primary").click();
    await page.getByText("goes together with latitude").waitFor();
    await page.locator("#site-longitude").fill("16.4");
    await page.locator("form .btn-primary").click();
    await row("North").waitFor();

    await open("/devices/new?form");
    equal(await page.locator("datalist option").count(), 2);
    for (
      const [id, value] of Object.entries({
        ...{ address: "192.0.2.1", username: "tod", password: "x" },
        site: "Vienna <b>Water</b> / North",
      })
    ) await page.locator(`#${id}`).fill(value);
    await button("Add router").click();
    await page.getByText("Vienna <b>Water</b> / North").waitFor();

    await open("/sites");
    await row("Vienna <b>Water</b>").getByRole("link", { name: "1 router" }).click();
    await page.getByRole("link", { name: "192.0.2.1" }).waitFor();
    await open("/sites");
    page.on("dialog", (dialog) => void dialog.accept());
    await button("Remove North").click();
    await page.getByText("it holds 1 router, move them first").waitFor();

    // Its page: a sector, and the router put on it.
    await page.getByRole("link", { name: "North", exact: true }).click();
    await tab.hydrated();
    await button("Add sector").click();
    await page.locator("#sector-name").fill("<b>East</b>");
    await page.locator("#sector-azimuth").fill("90");
    await page.getByRole("form", { name: "Sector" }).getByRole("button", { name: "Add sector" })
      .click();
    await page.getByRole("rowheader", { name: "<b>East</b>" }).waitFor();
    await page.getByLabel("Sector of 192.0.2.1").selectOption({ label: "<b>East</b>, 90°" });
    await page.getByTestId("sectors").getByRole("cell", { name: "1", exact: true }).waitFor();
    await page.getByRole("link", { name: "192.0.2.1", exact: true }).click();
    await page.getByText("Vienna <b>Water</b> / North, <b>East</b>").waitFor();

    const viewer = await test.open("viewer");
    await viewer.page.goto(`${test.url}/sites`);
    await viewer.page.getByText("1 router").first().waitFor();
    equal(await viewer.page.getByRole("button", { name: /^(Edit|Add|Remove)/ }).count(), 0);
    deepEqual(await tab.violations(), []);
    deepEqual(tab.errors.filter((text) => !/status of (4\d\d)/.test(text)), []);
  },
});
