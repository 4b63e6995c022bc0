import { deepEqual, equal, match } from "node:assert/strict";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name: "tags, groups, views, a change of many, retiring and deleting: by their pages",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openSignedIn();
    const tab = await test.open("operator");
    const { page } = tab;
    const button = (name: string | RegExp) =>
      page.getByRole("button", { name, exact: typeof name === "string" });
    const link = (name: string) => page.getByRole("link", { name, exact: true });
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };
    const rows = async () => await page.locator("tr[data-device] a.font-medium").allTextContents();
    page.on("dialog", (dialog) => void dialog.accept());

    for (const [name, tags] of [["alpha", "core, <i>edge</i>"], ["beta", ""], ["gamma", ""]]) {
      await open("/devices/new?form");
      for (
        const [id, value] of Object.entries({
          ...{ address: `${name}.example.net`, username: "tod", password: "x" },
          ...{ name: name!, "new-tags": tags! },
        })
      ) await page.locator(`#${id}`).fill(value);
      await button("Add router").click();
      await page.getByRole("heading", { name: name!, level: 1 }).waitFor();
    }

    // A change of two of three, by hand.
    await open("/devices?sort=name");
    await page.getByLabel("Select alpha").check();
    await page.getByLabel("Select beta").check();
    await page.getByRole("combobox", { name: "Tags" }).fill("core, ring");
    await button("Add tags: 2 routers").click();
    await page.getByText("2 routers changed").waitFor();
    await link("ring").waitFor(); // the list is read anew
    await link("What came of each").click();
    await page.getByRole("heading", { name: "Change of many routers" }).waitFor();
    equal(await page.getByText("Changed", { exact: true }).count(), 2);

    // A group by rule shows whom it fits before it is saved.
    await open("/groups");
    await page.locator("#group-name").fill("Ring <b>north</b>");
    await page.getByLabel("By a rule").check();
    await page.locator("#group-rule").fill("tag:ring -tag:rang");
    await page.getByText("There is no tag rang").waitFor();
    await page.locator("#group-rule").fill('tag:ring -tag:"<i>edge</i>"');
    await page.getByText("It fits 1 router now: beta").waitFor();
    await button("Add group").click();
    await link("1 router").click();
    await page.waitForURL(/devices/);
    deepEqual(await rows(), ["beta"]);

    // What is shown now is kept, with its columns, and found again by its chip.
    await tab.hydrated();
    await page.getByText("Columns", { exact: true }).click();
    for (const name of ["CPU", "Memory", "Site", "Model"]) await page.getByLabel(name).uncheck();
    await button("Show these").click();
    await tab.hydrated();
    equal(await page.getByRole("columnheader", { name: "CPU" }).count(), 0);
    await button("Save view").click();
    await page.getByLabel("Name of the view").fill("Northern");
    await page.getByLabel("For everybody").check();
    await button("Save").click();
    await page.waitForURL(/view=/);
    const colleague = await test.open("viewer");
    await colleague.page.goto(`${test.url}/devices`);
    await colleague.page.getByRole("link", { name: "Northern" }).click();
    await colleague.page.waitForURL(/view=/);
    deepEqual(await colleague.page.locator("tr[data-device] a.font-medium").allTextContents(), [
      "beta",
    ]);
    equal(await colleague.page.getByRole("columnheader", { name: "CPU" }).count(), 0);
    equal(await colleague.page.getByRole("checkbox", { name: /Select/ }).count(), 0);

    // All that match are retired at once; one comes back, one goes for good.
    await open("/devices?sort=name");
    await page.getByLabel("Select all routers of this page").check();
    await page.getByLabel("What to do").selectOption("retire");
    await button("Retire: 3 routers").click();
    await page.getByText("3 routers changed").waitFor();
    await open("/devices?q=status:retired&sort=name");
    deepEqual(await rows(), ["alpha", "beta", "gamma"]);
    await link("alpha").click();
    await page.getByText("it is neither polled nor counted").waitFor();
    await button("Restore").click();
    await page.waitForURL(/devices\/[0-9a-f-]+$/);
    equal(await page.getByText("it is neither polled nor counted").count(), 0);
    await open("/devices?q=status:retired&sort=name");
    await link("gamma").click();
    await link("Edit").click();
    await page.getByText("Delete for good").first().click();
    await page.getByLabel(/Type its name/).fill("alpha");
    await button("Delete for good").click();
    await page.getByText("Cannot delete gamma").waitFor();
    await page.getByText("Delete for good").first().click();
    await page.getByLabel(/Type its name/).fill("gamma");
    await button("Delete for good").click();
    await page.waitForURL(/devices$/);
    deepEqual(await rows(), ["alpha"]);
    match(await page.locator("h1 + div").textContent() ?? "", /^1 router$/);
    deepEqual(await tab.violations(), []);
    deepEqual(tab.errors.filter((text) => !/status of 4\d\d/.test(text)), []);
  },
});
