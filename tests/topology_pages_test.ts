import { deepEqual, equal, match } from "node:assert/strict";
import type { LiveBatch } from "@/core/contract/device.ts";
import { subjects } from "@/core/subjects.ts";
import { listPositions } from "@/core/topology/positions.ts";
import { refreshTopology } from "@/core/topology/jobs.ts";
import { plantFleet } from "./support/plant_fleet.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name: "topology: found, followed live, arranged for everybody, and the way between two routers",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openSignedIn();
    const { acme, platform, db } = test;
    const size = { days: 0, fiveMinuteDays: 0, rawDevices: 0, interfaces: 0, now: Date.now() };
    await plantFleet(db, { ...size, tenantId: acme, devices: 30 });
    await refreshTopology(platform, acme);
    const tab = await test.open("operator", { viewport: { width: 1_440, height: 900 } });
    const { page } = tab;
    const node = (name: string | RegExp) => page.locator("[data-node]").filter({ hasText: name });
    const details = page.getByTestId("topology-details");

    await page.goto(`${test.url}/topology`);
    await tab.hydrated();
    await node("Router 00030").waitFor();
    equal(await page.locator("[data-node]").count(), 30 + 4, "four switches that nobody manages");
    equal(await page.locator("[data-edge]").count(), 29 + 4);

    const find = page.getByRole("combobox", { name: "Find a router" });
    await find.fill("00030");
    await find.press("Enter");
    await details.getByRole("heading", { name: "Router 00030" }).waitFor();
    await details.getByText("1 link").waitFor();
    await details.getByText(/^ether1 → Router 00008 ether6/).waitFor();
    await details.getByRole("button", { name: "Path from here" }).click();
    await find.fill("");
    await page.getByRole("combobox", { name: "To router" }).fill("00005");
    await page.getByRole("combobox", { name: "To router" }).press("Enter");
    const hops = page.getByTestId("hops").locator("li");
    await hops.nth(3).waitFor();
    match((await hops.allTextContents()).join("; "), /00030.*ether1 → ether6.*00008.*00002.*00001/);
    match(page.url(), /from=[0-9a-f-]{36}&to=[0-9a-f-]{36}/);
    await page.getByRole("button", { name: "Clear path" }).click();

    // A router goes offline: the picture says so by itself.
    const [two] = await db.tenant(
      acme,
      (sql) => sql<{ id: string }[]>`select id from devices where name = 'Router 00002'`,
    );
    await page.locator("[data-testid=live-status]", { hasText: "Live" }).waitFor();
    const cells = { id: two!.id, status: "offline" };
    const batch = { devices: [cells], events: [] } as unknown as LiveBatch;
    platform.bus.broadcast(subjects.live(acme), new TextEncoder().encode(JSON.stringify(batch)));
    await page.locator("[data-node] title", { hasText: "Router 00002, offline" })
      .waitFor({ state: "attached" });

    // What one person moves stands there for the next.
    await page.getByRole("button", { name: "Show all" }).click();
    await page.waitForFunction(() => {
      const element = document.querySelector<SVGElement>("[data-testid=topology-canvas]")!;
      const one = element.querySelector("[data-node]")!.getBoundingClientRect();
      return one.left > element.getBoundingClientRect().left;
    });
    const box = (await node("Router 00002").locator("rect").first().boundingBox())!;
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + 40, box.y + 60, { steps: 5 });
    const saved = page.waitForResponse((answer) => answer.request().method() === "PUT");
    await page.mouse.up();
    equal((await saved).status(), 204);
    const scope = scopeOf(db, acme);
    deepEqual((await listPositions(scope)).map(({ node }) => node), [two!.id]);
    const at = await node("Router 00002").getAttribute("transform");

    const viewer = await test.open("viewer", { viewport: { width: 1_440, height: 900 } });
    await viewer.page.goto(`${test.url}/topology`);
    await viewer.page.locator("[data-node]", { hasText: "Router 00002" }).waitFor();
    equal(
      await viewer.page.locator("[data-node]", { hasText: "Router 00002" }).getAttribute(
        "transform",
      ),
      at,
    );
    equal(await viewer.page.getByRole("button", { name: "Reset layout" }).count(), 0);
    equal(await viewer.page.getByRole("link", { name: "Add this router" }).count(), 0);

    page.on("dialog", (dialog) => void dialog.accept());
    const gone = page.waitForResponse((answer) => answer.request().method() === "DELETE");
    await page.getByRole("button", { name: "Reset layout" }).click();
    equal((await gone).status(), 204);
    deepEqual(await listPositions(scope), []);

    // Keys alone: from node to node, and into its page.
    const canvas = page.getByTestId("topology-canvas");
    await find.fill("00001");
    await find.press("Enter");
    await canvas.focus();
    await canvas.press("ArrowDown");
    await details.getByRole("heading", { name: /Router (?!00001)/ }).waitFor();
    await page.getByRole("checkbox", { name: "Not managed" }).uncheck();
    await page.waitForFunction(() => document.querySelectorAll("[data-node]").length === 30);
    await page.getByRole("checkbox", { name: "Group by site" }).check();
    await node("Site 30").waitFor();
    await canvas.press("Enter");
    await page.waitForURL(/open=[0-9a-f-]{36}/);
    await node(/^Router/).waitFor();
    equal(await node(/^Router/).count(), 1, "one site is open, the others are closed");
    deepEqual(await tab.violations(), []);
    deepEqual([...tab.errors, ...viewer.errors], []);
  },
});
