import { deepEqual, equal } from "node:assert/strict";
import { refreshNeighbors } from "@/core/discovery/refresh_neighbors.ts";
import { runDiscovery } from "@/core/discovery/run.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { insertDevice } from "./support/devices.ts";
import { openSignedIn } from "./support/signed_in.ts";

const HOSTILE = "<img src=x onerror=alert(1)>\u202e";

Deno.test({
  name: "a shared login, neighbours that nobody manages, and many adopted at once",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await using others = await startFleet({
      ...{ seed: 13, addressBase: "127.77.23.1", password: "shared" },
      routers: [{ tls: "rsa" }, { tls: "rsa" }],
    });
    await using fleet = await startFleet({
      ...{ seed: 12, addressBase: "127.77.22.1", password: "shared" },
      routers: [{ tls: "rsa" }, { tls: "rsa" }, { tls: "none" }],
    });
    await using test = await openSignedIn([
      ...["--discovery-networks=127.77.0.0/16", "--discovery-addresses-per-second=40"],
    ]);
    const { acme, platform } = test;
    const stop = new AbortController();
    const working = [startPoller(platform, stop.signal), runDiscovery(platform, stop.signal)];
    const seer = await insertDevice(test, acme, { name: "Core" });
    const neighbor = (n: number, rest: Record<string, string | null>) => ({
      ...{ interface: "ether1", macAddress: `64:D1:54:00:0${n}:01`, platform: "MikroTik" },
      ...{ identity: `found-${n}`, board: "RB5009", version: "7.16", address: null, ...rest },
    });
    const found = [
      ...fleet.routers.map(({ address }, n) => neighbor(n, { address })),
      neighbor(8, { identity: HOSTILE, board: "=cmd" }),
      neighbor(9, { identity: "the landlord's" }),
    ];
    await test.db.tenant(acme, (sql) =>
      sql`
      insert into device_state (tenant_id, device_id, section, sampled_at, data)
      values (${acme}, ${seer}, 'neighbors', now(), ${JSON.stringify(found)}::text::jsonb)`);
    await refreshNeighbors(test.db, acme, Date.now());

    const tab = await test.open("admin");
    const { page } = tab;
    const shot = Deno.env.get("SHOTS");
    const look = async (name: string) => {
      if (shot) await page.screenshot({ path: `${shot}/${name}.png`, fullPage: true });
    };
    const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };
    const row = (name: string) =>
      page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
    page.on("dialog", (dialog) => void dialog.accept());
    try {
      await open("/settings/credentials");
      await page.locator("#profile-name").fill("Towers <b>");
      await page.locator("#profile-username").fill(fleet.routers[0]!.username);
      await page.locator("#profile-password").fill("shared");
      await page.locator("form .btn-primary").click();
      await page.getByText("Towers <b> was saved.").waitFor();
      await look("profiles");

      await open("/discovery");
      equal(await page.getByTestId("neighbors").locator("tbody tr").count(), 5);
      await look("neighbors");
      await button("Ignore the landlord's").click();
      await row("the landlord's").waitFor({ state: "detached" });
      for (const n of [0, 1, 2]) await page.getByLabel(`Choose found-${n}`).check();
      await button("Adopt 3 routers…").click();
      await page.locator("#bulk-site").fill("North");
      await button("Adopt 3 routers").click();
      const results = page.getByTestId("adopt-results");
      await results.getByText("password would cross the network in clear").waitFor();
      equal(await results.getByText("Added", { exact: true }).count(), 2);
      await page.getByRole("heading", { name: "3 of 3 done" }).waitFor();
      await look("bulk");
      deepEqual(
        await page.getByTestId("neighbors").locator("tbody th").allInnerTexts()
          .then((names) => names.map((name) => name.split("\n")[0])),
        [HOSTILE, "found-2"],
      );

      await page.getByRole("link", { name: "Adopt found-2" }).click();
      await tab.hydrated();
      await button("Look").click();
      await page.locator("#adopt-profile").waitFor();
      await look("wizard-login");
      await button("Log in").click();
      await page.getByText("answers:").waitFor();
      await button("Add router").click();
      await button("Add another").waitFor();

      await open("/discovery?ignored=1");
      await button("Show again the landlord's").click();
      await page.getByText("Nothing is left here.").waitFor();
      await open("/settings/credentials");
      await look("profiles-used");
      await page.getByRole("link", { name: "3 routers" }).waitFor();
      await button("Remove Towers <b>").click();
      await page.getByRole("alert").filter({ hasText: "3 routers log in with it" }).waitFor();
      await page.getByRole("link", { name: "3 routers" }).click();
      await page.getByRole("link", { name: fleet.routers[0]!.address }).first().waitFor();

      await open("/discovery/scans");
      await page.locator("#scan-targets").fill("10.0.0.0/8");
      await page.getByText("is more than 4096 addresses").waitFor();
      await page.locator("#scan-targets").fill("203.0.113.1");
      await button("Scan").click();
      await page.getByRole("alert").filter({ hasText: "discovery-networks" }).waitFor();
      await page.locator("#scan-targets").fill("127.77.23.0/26, 127.77.22.2");
      await page.getByText("63 addresses").waitFor();
      await button("Scan").click();
      await page.getByText("2 routers so far").waitFor();
      await page.reload();
      await tab.hydrated();
      await look("scan-running");
      await page.getByText("3 routers found").waitFor();
      await page.getByText("Managed as").waitFor();
      await page.getByLabel("Choose all that can be adopted").check();
      await button("Adopt 2 routers…").click();
      await button("Adopt 2 routers").click();
      await page.getByRole("heading", { name: "2 of 2 done" }).waitFor();
      equal(await page.getByTestId("hosts").getByText("Managed as").count(), 3);
      await look("scan-done");
      equal(others.routers.every(({ counts }) => counts.failedLogins === 0), true);

      await open("/discovery/scans");
      await page.locator("#scan-targets").fill("127.77.24.0/23");
      await button("Scan").click();
      await button("Stop").click();
      await page.getByText(/^Stopped at \d+ of 510$/).waitFor();
      await open("/discovery/scans");
      equal(await page.getByTestId("scans").locator("tbody tr").count(), 2);
      await look("scans");

      deepEqual(await tab.violations(), []);
      deepEqual(tab.errors.filter((text) => !/status of (4\d\d)/.test(text)), []);
    } finally {
      stop.abort();
      await Promise.all(working);
    }
  },
});
