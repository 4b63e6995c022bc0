import { deepEqual, equal, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import { ClientHistory } from "@/core/clients/client_history.ts";
import { ensureMetricPartitions } from "@/core/metrics/partitions.ts";
import { PreviousReadings } from "@/core/metrics/previous_readings.ts";
import { writeReports } from "@/core/metrics/write_reports.ts";
import { HOSTILE } from "./support/hostile_fleet.ts";
import { insertDevice } from "./support/devices.ts";
import { silentLog } from "./support/log.ts";
import { makeSample } from "./support/samples.ts";
import { openSignedIn } from "./support/signed_in.ts";

const MAC = "A4:CF:12:AB:CD:01";

Deno.test({
  name: "a client is found by any part, its page tells where it was, an administrator erases it",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using test = await openSignedIn();
    const { db, acme } = test;
    const now = Date.now();
    await ensureMetricPartitions(db, now - 7_200_000, now);
    const id = await insertDevice(test, acme, { name: "core 1" });
    const history = new ClientHistory({ db, log: silentLog, registry: new Registry() });
    const previous = new PreviousReadings();
    const [script, formula] = HOSTILE;
    for (const [ago, port] of [[3_600_000, "ether2"], [60_000, "ether3"]] as const) {
      const sample = makeSample(id, now - ago, {
        clients: {
          clients: [
            {
              ...{ macAddress: MAC, addresses: ["10.0.0.5"], port, isHere: true },
              ...{ hostName: script, comment: formula },
            },
            { macAddress: "52:00:00:00:00:02", addresses: ["10.0.0.6"], port, isHere: true },
          ],
          isCut: false,
        },
      });
      await writeReports({ db, previous, nowMs: now }, acme, [
        { tenantId: acme, report: sample, atMs: now - ago },
      ]);
      await history.record(acme, [sample]);
    }

    const viewer = await test.open("viewer");
    const { page } = viewer;
    await page.goto(`${test.url}/clients`);
    await page.getByRole("searchbox").fill("espressif cd:01");
    await page.keyboard.press("Enter");
    await page.getByText("1 device behind your routers, that match").waitFor();
    await page.getByRole("link", { name: script }).click();
    await page.getByRole("heading", { level: 1, name: script }).waitFor();
    const stays = page.locator("ol > li");
    equal(await stays.count(), 2);
    ok((await stays.nth(0).innerText()).includes("ether3"));
    ok((await stays.nth(1).innerText()).includes("ether2"));
    equal(await page.getByRole("button", { name: "Erase" }).count(), 0);
    await page.getByRole("link", { name: "core 1" }).first().click();
    await page.getByText("2 here now: 0 wireless, 2 wired.").waitFor();
    await page.getByText("random MAC").waitFor();
    await viewer.hydrated();
    await page.getByTestId("palette-open").click();
    await page.getByRole("textbox", { name: /^Find a page/ }).fill("10.0.0.5");
    await page.getByText("client · 10.0.0.5").waitFor();

    const admin = await test.open("admin");
    await admin.page.goto(`${test.url}/clients/${MAC.toLowerCase()}`);
    await admin.hydrated();
    admin.page.on("dialog", (dialog) => void dialog.accept());
    await admin.page.getByRole("button", { name: "Erase this client" }).click();
    await admin.page.waitForURL("**/clients");
    await admin.page.getByText("1 device behind your routers").waitFor();
    const gone = await admin.page.goto(`${test.url}/clients/${MAC}`);
    equal(gone!.status(), 404);
    equal(await page.title().then((text) => text.includes("taken")), false);
    for (const tab of [viewer, admin]) {
      deepEqual(await tab.violations(), []);
      deepEqual(tab.errors.filter((text) => !/status of (4\d\d)/.test(text)), []);
    }
  },
});
