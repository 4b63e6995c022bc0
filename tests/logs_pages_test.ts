import { deepEqual, equal, ok } from "node:assert/strict";
import { runLogIngest } from "@/core/device_logs/ingest_logs.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { runIngest } from "@/core/metrics/ingest.ts";
import { subjects } from "@/core/subjects.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { toBytes } from "@/tools/sim/text.ts";
import { freePort } from "./support/ports.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name:
    "logs and events: from a router's syslog to the pages, live, held, searched; its own log followed",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using fleet = await startFleet({ routers: [{ version: "7.18.2", identity: "core-1" }] });
    const [host] = fleet.routers;
    const { router, address, port, username, password } = host!;
    await using test = await openSignedIn();
    const stop = new AbortController();
    const { signal } = stop;
    const syslogPort = await freePort();
    const config = {
      ...test.platform.config,
      syslog: { host: "127.0.0.1", udpPort: syslogPort, tcpPort: null, linesPerSecond: 100 },
    };
    const platform = { ...test.platform, config };
    const working = [
      ...[startPoller(platform, signal), runIngest(platform, signal)],
      runLogIngest(platform, signal),
    ];
    await using _working = {
      async [Symbol.asyncDispose]() {
        stop.abort();
        await Promise.all(working);
      },
    };
    const live = platform.bus.listen(subjects.live(test.acme), { capacity: 9, signal });
    const firstReading = live[Symbol.asyncIterator]().next();
    const { id } = await addDevice(scopeOf(test.db, test.acme), platform, {
      ...{ address, port, username, password, tlsMode: "plain", region: "default" },
    });
    await firstReading;
    const tab = await test.open("operator");
    const { page } = tab;
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };
    const line = (text: string) => page.locator("[data-log]", { hasText: text });

    await open("/logs");
    await page.getByText("No log line has arrived yet").waitFor();
    await page.getByText("Live", { exact: true }).first().waitFor();
    router.edit("/system/logging/action").push({
      ...{ ".id": "*10", name: "tod", target: "remote", remote: "127.0.0.1", "bsd-syslog": "yes" },
      "remote-port": String(syslogPort),
    });
    for (const topics of ["info", "warning", "critical"]) {
      router.edit("/system/logging").push({ ".id": `*2${topics.length}`, topics, action: "tod" });
    }

    // Live, whatever it holds.
    router.log("script,warning", toBytes(`<img src=x onerror=alert(1)>\x1b[31m \u202eevil`));
    await line("<img src=x onerror=alert(1)>\ufffd[31m \ufffdevil").waitFor();
    router.log("script,info", "x".repeat(5_000));
    await page.getByText("5000 characters").waitFor();
    equal(await page.locator("img[src=x]").count(), 0);

    // Held while somebody reads.
    await page.getByRole("button", { name: "Pause" }).click();
    router.log("dhcp,info", "lease one");
    await page.getByText("Paused: 1 new").waitFor();
    equal(await line("lease one").count(), 0);
    await page.getByRole("button", { name: "Go on" }).click();
    await line("lease one").waitFor();

    // Searched; the address holds it.
    await page.getByLabel("Severity").selectOption("warning");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.waitForURL(/severity=warning/);
    equal(await page.locator("[data-log]").count(), 1);
    await open("/logs?topic=dhcp&q=LEASE");
    equal(await page.locator("[data-log]").count(), 1);
    await open("/logs?q=nowhere");
    await page.getByText("No line matches").waitFor();

    // The router's own log, from the router.
    await open(`/devices/${id}/logs`);
    await line("lease one").waitFor();
    await page.getByRole("button", { name: "Follow live" }).click();
    const own = page.getByRole("region", { name: "The router's own log" });
    await own.locator("li", { hasText: "lease one" }).waitFor();
    router.log("interface,info", "ether1 link down");
    await own.locator("li", { hasText: "ether1 link down" }).waitFor();
    await own.getByRole("button", { name: "Stop" }).click();
    await own.getByText("Stopped.").waitFor();

    // What the lines told: one event for all failed logins, in place.
    await open("/events");
    for (let n = 0; n < 25; n++) router.refuseLogin(`user${n}`, "203.0.113.9");
    const failed = page.getByRole("listitem").filter({ hasText: "logins failed" });
    await failed.filter({ hasText: "25 logins failed, as user0, user1" }).waitFor();
    equal(await failed.count(), 1);
    ok((await failed.innerText()).includes("Critical"));
    router.log("system,info", "filter rule added by admin");
    await page.getByText("core-1: filter rule added (by admin)").waitFor();
    await open(`/devices/${id}/events?kind=login`);
    await failed.waitFor();
    const csv = await page.request.get(`${test.url}/api/events/export?kind=login`);
    ok((await csv.text()).includes(",critical,device.login_failed,Login failed,core-1,"));

    const stranger = await test.open("viewer", {}, test.globex);
    await stranger.page.goto(`${test.url}/logs`);
    await stranger.page.getByText("No log line has arrived yet").waitFor();
    deepEqual(await tab.violations(), []);
    deepEqual(tab.errors.filter((text) => !/status of (4\d\d)/.test(text)), []);
  },
});
