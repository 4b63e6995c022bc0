import { deepEqual, equal, match, ok } from "node:assert/strict";
import { addDevice } from "@/core/devices/devices.ts";
import { runIngest } from "@/core/metrics/ingest.ts";
import { subjects } from "@/core/subjects.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name: "tools on a router: started, watched, stopped, kept, copied; refusals stand by their field",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using fleet = await startFleet({ routers: [{ board: "hex", version: "7.18.2" }] });
    const [router] = fleet.routers;
    await using test = await openSignedIn();
    const stop = new AbortController();
    const { signal } = stop;
    const working = [startPoller(test.platform, signal), runIngest(test.platform, signal)];
    await using _working = {
      async [Symbol.asyncDispose]() {
        stop.abort();
        await Promise.all(working);
      },
    };
    const live = test.platform.bus.listen(subjects.live(test.acme), { capacity: 9, signal });
    const firstReading = live[Symbol.asyncIterator]().next();
    const { address, port, username, password } = router!;
    const { id } = await addDevice(scopeOf(test.db, test.acme), test.platform, {
      ...{ address, port, username, password, tlsMode: "plain", region: "default" },
    });
    await firstReading;
    const tab = await test.open("operator");
    const { page } = tab;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const card = (name: string) => page.getByRole("region", { name, exact: true });
    await page.goto(`${test.url}/devices/${id}/tools`);
    await tab.hydrated();

    // Ping, until stopped.
    await page.locator("#ping-address").fill("1.2.3.999");
    await page.getByRole("button", { name: "Start ping" }).click();
    await page.locator("#ping-address-error", { hasText: "an address or a host name" }).waitFor();
    await page.locator("#ping-address").fill("198.51.100.7");
    await page.getByText("More options").first().click();
    equal(await page.locator("#ping-intervalMs").inputValue(), "1000");
    await page.locator("#ping-intervalMs").fill("200");
    await page.getByRole("button", { name: "Start ping" }).click();
    const ping = card("Ping 198.51.100.7");
    await ping.getByText("Running").waitFor();
    await ping.locator("tbody tr").nth(2).waitFor();
    await ping.getByRole("button", { name: "Stop" }).click();
    await ping.getByText(/Stopped after/).waitFor();
    equal(router!.counts.cancelled, 1);
    match(await ping.locator("dl").innerText(), /Received\s+\d+\s+Lost\s+0 %/);
    await ping.getByRole("button", { name: "Copy" }).click();
    await ping.getByText("Copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    match(copied, /^#\tAnswer from\tBytes\tTTL\tTime\tStatus\n0\t198\.51\.100\.7\t56\t/);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      ping.getByRole("button", { name: "CSV" }).click(),
    ]);
    match(file.suggestedFilename(), /^ping-2.*\.csv$/);

    // Torch, on an interface the router has; what was told before stays.
    await page.getByRole("button", { name: "Torch" }).click();
    match(page.url(), /tool=torch/);
    await page.locator("#torch-interface").selectOption("bridge");
    await page.getByRole("button", { name: "Start torch" }).click();
    const torch = card("Torch bridge");
    await torch.locator("tbody tr").nth(1).waitFor();
    ok(await ping.isVisible());

    // The bandwidth test wants to hear that it is known what it does.
    await page.getByRole("button", { name: "Bandwidth test" }).click();
    await page.locator("#bandwidth-test-address").fill("10.0.0.2");
    await page.locator("#bandwidth-test-seconds").fill("1");
    const start = page.getByRole("button", { name: "Start bandwidth test" });
    await start.click();
    equal(await card("Bandwidth test 10.0.0.2").count(), 0);
    await page.getByLabel("I know that it fills the link").check();
    await start.click();
    await card("Bandwidth test 10.0.0.2").getByText(/Done after/).waitFor();

    // A failure says what the router said.
    await page.getByRole("button", { name: "DNS lookup" }).click();
    await page.locator("#dns-lookup-name").fill("router.invalid");
    await page.getByRole("button", { name: "Look up" }).click();
    await card("DNS lookup router.invalid").getByText("dns name does not exist").waitFor();

    // Whoever leaves the page stops what it runs.
    await page.goto(`${test.url}/devices/${id}`);
    await fleet.until(() => router!.counts.cancelled === 2);

    const viewer = await test.open("viewer");
    await viewer.page.goto(`${test.url}/devices/${id}/tools`);
    await viewer.page.getByText("Tools are for operators").waitFor();
    deepEqual(await tab.violations(), []);
    deepEqual(tab.errors.filter((text) => !/status of (4\d\d)/.test(text)), []);
  },
});
