import { deepEqual, equal, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import { addDevice } from "@/core/devices/devices.ts";
import { runPushJobs } from "@/core/pushes/jobs.ts";
import { startPush } from "@/core/pushes/start_push.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { fastTime } from "./support/fast_clock.ts";
import { plantPush } from "./support/plant_push.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name: "a change is previewed, pushed, reverted and confirmed on its pages, live",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    const { clock, timers } = fastTime(10);
    await using fleet = await startFleet({
      ...{ routers: [{ board: "hex", version: "7.18.2", identity: "edge-1" }] },
      ...{ guarded: true, time: timers },
    });
    await using test = await openSignedIn(["--connect-timeout-ms=900"]);
    const { platform, db, acme } = test;
    const [{ address, port, username, password, router }] = fleet.routers as [
      typeof fleet.routers[number],
    ];
    const scope = scopeOf(db, acme);
    const { id: deviceId } = await addDevice(scope, platform, {
      ...{ name: "edge-1", address, port, username, password },
      ...{ tlsMode: "plain", region: "default" },
    });
    const stop = new AbortController();
    const running = [
      startPoller(platform, stop.signal),
      runPushJobs({ ...platform, clock, registry: new Registry() }, stop.signal),
    ];
    const tab = await test.open("admin");
    const { page } = tab;
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };
    const state = page.getByTestId("push-state");
    const identity = () => router.rows("/system/identity")[0]!["name"];
    const request = {
      ...{ deviceId, title: "Rename the router", source: { kind: "api", id: null } as const },
      commands: [{
        ...{ action: "set", menu: "/system/identity", target: { by: "menu" } } as const,
        attributes: { name: "edge-2" },
      }],
      ...{ confirm: "manual", windowSeconds: 3_600, typedName: null } as const,
      probes: [],
    };
    const { id } = await startPush(scope, { ...platform, clock }, request);

    await t.step("a push that waits is seen on the router's page, and reverted", async () => {
      await open(`/devices/${deviceId}`);
      const banner = page.getByRole("region", { name: "A change of this router" });
      await banner.getByText("Rename the router").waitFor();
      await banner.getByRole("link", { name: "Confirm or revert" }).click();
      await tab.hydrated();
      await page.getByRole("button", { name: "Confirm", exact: true }).waitFor();
      equal(identity(), "edge-2");
      ok(/^\d+:\d\d$/.test(await page.getByTestId("countdown").innerText()));
      deepEqual(await tab.violations(), []);
      await page.getByRole("button", { name: "Revert" }).click();
      await state.getByText("Reverted").waitFor();
      equal(identity(), "edge-1");
    });

    await t.step("it is pushed again through the dialog, and confirmed", async () => {
      await open(`/pushes/${id}`);
      await page.getByRole("button", { name: "Push again…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("Safe mode.", { exact: true }).waitFor();
      await dialog.getByRole("region", { name: "/system/identity" }).getByText("edge-2").first()
        .waitFor();
      await dialog.getByLabel("Kind of check").selectOption("port");
      await dialog.getByLabel("Port").fill(String(port));
      await dialog.getByRole("button", { name: "Add check" }).click();
      await dialog.getByLabel("What it is, for others").fill("Rename, second try");
      deepEqual(await tab.violations(), []);
      await dialog.getByRole("button", { name: "Push 1 change" }).click();
      await page.getByRole("heading", { name: "Rename, second try" }).waitFor();
      await tab.hydrated();
      await page.getByRole("button", { name: "Confirm", exact: true }).click();
      await state.getByText("Confirmed", { exact: true }).waitFor();
      equal(identity(), "edge-2");
    });

    await t.step("what cuts the router off wants its name", async () => {
      const lockOut = await plantPush(platform, {
        ...{ tenantId: acme, deviceId, state: "reverted" },
        request: {
          title: "Drop everything",
          commands: [{
            ...{ action: "add", menu: "/ip/firewall/filter", before: { by: "id", id: "*1" } },
            attributes: { chain: "input", action: "drop" },
          }],
        },
      });
      await open(`/pushes/${lockOut}`);
      await page.getByRole("button", { name: "Push again…" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("This cuts TOD off from the router").waitFor();
      const push = dialog.getByRole("button", { name: "Push 1 change" });
      ok(await push.isDisabled());
      await dialog.getByLabel(/type the router's name/).fill("edge-1");
      ok(await push.isEnabled());
      deepEqual(await tab.violations(), []);
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await dialog.waitFor({ state: "hidden" });
    });

    await t.step("the list tells what became of each", async () => {
      await open("/pushes?state=reverted");
      const rows = page.locator("tbody tr");
      equal(await rows.count(), 2);
      await page.getByRole("link", { name: "Confirmed" }).click();
      await page.getByRole("link", { name: "Rename, second try" }).waitFor();
      equal(await rows.count(), 1);
    });
    deepEqual(tab.errors, []);
    stop.abort();
    await Promise.all(running);
  },
});
