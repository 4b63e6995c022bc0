import { Registry } from "prom-client";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readConfig } from "@/core/config.ts";
import type { LiveBatch } from "@/core/contract/device.ts";
import { addSector } from "@/core/sites/sectors.ts";
import { addSite, getSite } from "@/core/sites/sites.ts";
import { subjects } from "@/core/subjects.ts";
import { listPositions } from "@/core/topology/positions.ts";
import { refreshTopology } from "@/core/topology/jobs.ts";
import { createHttpApp } from "@/routes/mod.ts";
import { insertDevice } from "./support/devices.ts";
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

Deno.test({
  name: "map: hostile names are text, a click places a site, tiles come from one origin alone",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openSignedIn();
    const { acme, platform, db } = test;
    const scope = scopeOf(db, acme);
    const hostile = `<img src=x onerror="document.title='taken'"> North`;
    const north = await addSite(scope, platform, {
      ...{ name: hostile, latitude: 48.2, longitude: 16.4 },
    });
    await addSite(scope, platform, { name: "Depot", latitude: 48.3, longitude: 16.5 });
    await addSector(scope, platform, north.id, { name: "West", azimuth: 270 });
    await addSite(scope, platform, { name: "Attic", parentId: north.id });
    const lost = await addSite(scope, platform, { name: "Lost" });
    const name = "<script>document.title='taken'</script>";
    const device = await insertDevice(test, acme, { name, site_id: north.id });
    await db.tenant(
      acme,
      (sql) => sql`update device_latest set status = 'offline' where device_id = ${device}`,
    );

    const tab = await test.open("operator", { viewport: { width: 1_440, height: 900 } });
    const { page } = tab;
    const mark = (name: RegExp) => page.getByTestId("map").getByRole("button", { name });
    await page.goto(`${test.url}/map`);
    await tab.hydrated();
    await mark(/North: 1 offline$/).focus();
    await page.keyboard.press("Enter");
    const popup = page.locator(".leaflet-popup-content");
    await popup.getByRole("heading", { name: hostile }).waitFor();
    await popup.getByRole("link", { name }).waitFor();
    await popup.getByText("Sector West 270° W: 0 routers").waitFor();
    equal(await page.locator(".map-sector").count(), 1);
    equal(await popup.locator("img, script").count(), 0);
    await page.getByRole("button", { name: "Close popup" }).click();

    await page.getByLabel("Status").selectOption("offline");
    await mark(/Depot/).waitFor({ state: "detached" });
    match(page.url(), /status=offline/);
    await page.getByLabel("Status").selectOption("");

    await page.getByRole("button", { name: "Place Lost" }).click();
    await page.getByText("Click on the map where Lost stands").waitFor();
    const saved = page.waitForResponse((answer) => answer.request().method() === "PATCH");
    await page.getByTestId("map").click({ position: { x: 500, y: 500 } });
    equal((await saved).status(), 200);
    await mark(/Lost: no routers/).waitFor();
    const { latitude, longitude } = await getSite(scope, lost.id);
    ok(Math.abs(latitude! - 48.25) < 1 && Math.abs(longitude! - 16.45) < 1);
    equal(await page.title(), "Map · TOD");
    deepEqual([...await tab.violations(), ...tab.errors], []);

    const viewer = await test.open("viewer");
    await viewer.page.goto(`${test.url}/map`);
    await viewer.page.locator(".map-mark").first().waitFor();
    equal(await viewer.page.getByRole("button", { name: /^(Place|Move)/ }).count(), 0);

    // With tiles of another origin: those load, from there and nowhere else.
    let asked = 0;
    const pixel = Uint8Array.fromBase64(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    );
    const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
    await using tiles = Deno.serve(options, () => {
      asked += 1;
      return new Response(pixel, { headers: { "content-type": "image/png" } });
    });
    const config = readConfig({
      args: [
        `--map-tiles-url=http://127.0.0.1:${tiles.addr.port}/{z}/{x}/{y}.png`,
        "--map-tiles-attribution=<b>Somebody</b>",
      ],
      env: { HOME: "/nonexistent" },
      isRoot: false,
    });
    await using http = createHttpApp({ ...platform, config, registry: new Registry() });
    await using server = Deno.serve(options, http.app.fetch);
    const cookies = await page.context().cookies();
    const url = `http://127.0.0.1:${server.addr.port}`;
    await page.context().addCookies(
      cookies.map(({ name, value }) => ({ name, value, url })),
    );
    await page.goto(`${url}/map`);
    await page.locator(".leaflet-tile-loaded").first().waitFor();
    await page.getByText("<b>Somebody</b>").waitFor();
    ok(asked > 0);
    const blocked = await page.evaluate(async (address) => {
      const image = new Image();
      image.src = address;
      return await image.decode().then(() => false, () => true);
    }, `http://127.0.0.1:${new URL(test.url).port}/favicon.svg`);
    equal(blocked, true, "another origin than that of the tiles");
    await page.goto("about:blank");
    await http[Symbol.asyncDispose]();
  },
});
