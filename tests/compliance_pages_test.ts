import { deepEqual, equal, match, ok } from "node:assert/strict";
import { checkBatch, CheckMemory } from "@/core/compliance/check_batch.ts";
import { ensureLibrary } from "@/core/compliance/library_sync.ts";
import { takeDueChecks } from "@/core/config_checks/due.ts";
import { backUp } from "@/core/configs/back_up.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { remoteLink } from "@/core/router_link/remote_link.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name:
    "a router is held against rules and its baseline, excused, adopted and set right on its pages",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using fleet = await startFleet({
      ssh: true,
      routers: [{ board: "rb5009", version: "7.18.2", identity: "edge-1" }],
    });
    await using test = await openSignedIn();
    const { platform, db, acme } = test;
    const stop = new AbortController();
    const polling = startPoller(platform, stop.signal);
    const [host] = fleet.routers;
    const { address, port, sshPort, username, password, router } = host!;
    const { id } = await addDevice(scopeOf(db, acme), platform, {
      ...{ address, port, sshPort, username, password, tlsMode: "plain", region: "default" },
      name: "edge-1",
    });
    await ensureLibrary(db, acme);
    // Users are asked of routers that are online alone.
    await test.admin`
      insert into device_latest (tenant_id, device_id, status) values (${acme}, ${id}, 'online')
      on conflict (tenant_id, device_id) do update set status = 'online'`;
    const memory = new CheckMemory(platform.kms);
    const link = remoteLink({ db, rpc: platform.rpc });
    const look = async () => {
      const kept = await backUp({ ...platform, backupHour: 1 }, {
        ...{ tenantId: acme, deviceId: id, trigger: "manual", actor: "user:test" },
      });
      ok(kept.outcome === "kept" || kept.outcome === "same", JSON.stringify(kept));
      const due = await takeDueChecks(db, 10, 300);
      await checkBatch({ ...platform, link }, memory, acme, due);
    };
    await look();
    const tab = await test.open("admin");
    const { page } = tab;
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };
    const results = page.getByTestId("rule-results");

    await t.step("what fails comes with its line, and an exception takes it out", async () => {
      await open("/compliance");
      await page.getByTestId("router-scores").getByText("edge-1").click();
      await tab.hydrated();
      const item = results.getByRole("listitem").filter({ hasText: "The router has a name" });
      equal(await item.count(), 0, "it has one");
      const logs = results.getByRole("listitem").filter({ hasText: "Logs are sent away" });
      await logs.getByText("Fails").waitFor();
      const users = await test.admin<{ result: string }[]>`
        select r.result from compliance_results r join compliance_rules c on c.id = r.rule_id
        where c.library_key = 'few-full-users' and r.device_id = ${id}`;
      match(users[0]!.result, /^(pass|fail)$/, "the router was asked for its users");
      await logs.getByRole("button", { name: "Exception from: Logs are sent away" }).click();
      await logs.getByLabel("Why it need not hold here").fill("a console server needs it");
      await logs.getByRole("button", { name: "Add exception" }).click();
      await page.waitForLoadState("load");
      await look();
      await open(`/devices/${id}/compliance`);
      await results.getByText("a console server needs it").waitFor();
    });

    await t.step("a change after the baseline was chosen is drift, and is adopted", async () => {
      await page.getByRole("button", { name: "Make it the baseline" }).click();
      await page.getByText("Held against its configuration of").waitFor();
      router.edit("/ip/firewall/address-list").push({
        ...{ ".id": "*F1", list: "managers", address: "192.0.2.7", comment: "<b>new</b>" },
      });
      await look();
      await open(`/devices/${id}/compliance`);
      const drift = page.getByRole("region", { name: "/ip/firewall/address-list" });
      await drift.getByText("Only on the router").waitFor();
      await drift.getByRole("checkbox").check();
      await page.getByRole("button", { name: "Revert 1…" }).click();
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      page.once("dialog", (dialog) => void dialog.accept());
      await page.getByRole("button", { name: "Adopt 1" }).click();
      await page.waitForLoadState("load");
      await look();
      await open(`/devices/${id}/compliance`);
      await page.getByText("Nothing differs.").waitFor();
    });

    await t.step("a rule of one's own is tried, saved and put into a policy", async () => {
      await open("/compliance/rules/new");
      await page.getByLabel("Title").fill("Managers are <b>known</b>");
      await page.getByRole("textbox", { name: "Menu" }).fill("/ip/firewall/address-list");
      await page.getByLabel("Expectation").selectOption("some");
      await page.getByLabel("Try it on a router").fill("edge-1");
      await page.getByRole("button", { name: "Try", exact: true }).click();
      await page.getByRole("status").getByText("Passes").waitFor();
      await page.getByRole("button", { name: "Add rule" }).click();
      await page.getByRole("heading", { name: "Managers are <b>known</b>" }).waitFor();
      await page.getByText("in no policy: it is asked of no router").waitFor();
      await open("/compliance/policies");
      await page.getByRole("button", { name: "Add policy" }).click();
      await page.getByLabel("Name", { exact: true }).fill("Ours");
      await page.getByLabel("Managers are <b>known</b>").check();
      await page.locator("form").getByRole("button", { name: "Add policy" }).click();
      await page.getByTestId("policies").getByText("Ours").waitFor();
    });
    deepEqual(tab.errors, []);
    deepEqual(await tab.violations(), []);
    stop.abort();
    await polling;
  },
});
