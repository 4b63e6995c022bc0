import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import { runBulkJobs } from "@/core/bulk_jobs/jobs.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name: "templates and jobs in a browser, on twenty simulated routers of which three refuse",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using fleet = await startFleet({ count: 20, ssh: true });
    await using test = await openSignedIn();
    const { platform, db, acme } = test;
    const scope = scopeOf(db, acme);
    const stop = new AbortController();
    const ids: string[] = [];
    for (const [at, host] of fleet.routers.entries()) {
      const { address, port, sshPort, username, password } = host;
      const { id } = await addDevice(scope, platform, {
        ...{ address, port, sshPort, username, password, tlsMode: "plain", region: "default" },
        name: `r${String(at).padStart(2, "0")}`,
      });
      ids.push(id);
    }
    const setStatus = (status: string, of: string[]) =>
      db.tenant(acme, (sql) =>
        sql`
        insert into device_latest (tenant_id, device_id, status)
        select ${acme}, id, ${status} from unnest(${of}::uuid[]) id
        on conflict (tenant_id, device_id) do update set status = excluded.status`);
    await setStatus("online", ids);
    const pushItem = () => Promise.reject(new Error("no pushes here"));
    const running = [
      startPoller(platform, stop.signal),
      runBulkJobs(
        { ...platform, registry: new Registry(), pushItem, idleMs: 50 },
        stop.signal,
      ),
    ];
    const tab = await test.open("admin");
    const { page } = tab;
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };

    await t.step("a template of the library, changed, valued and previewed", async () => {
      await open("/templates");
      await page.getByRole("button", { name: "Use this: DNS servers" }).click();
      await page.waitForURL(/\/templates\/[0-9a-f-]{36}$/);
      await tab.hydrated();
      equal(await page.getByLabel("Name", { exact: true }).first().inputValue(), "DNS servers");
      const text = page.getByLabel("Text", { exact: true });
      await text.fill(`${await text.inputValue()}/system note\nset note={{note}}\n`);
      await page.getByText("Line 4: note is not declared").waitFor();
      await page.getByRole("button", { name: "Declare note" }).click();
      await page.getByLabel("What changed").fill("a note");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Version 2, not used yet").waitFor();
      const here = new URL(page.url()).pathname;

      await open(`${here}?tab=values`);
      const note = page.getByRole("region", { name: "note" });
      await note.getByLabel("Value").fill('<b>"hi"</b> $[/system reboot]');
      await note.getByRole("button", { name: "Keep note" }).click();
      await note.getByText('<b>"hi"</b> $[/system reboot]', { exact: true }).waitFor();

      await open(`${here}?tab=preview`);
      await page.getByRole("button", { name: "r00", exact: true }).click();
      await page.getByRole("heading", { name: "On r00" }).waitFor();
      await page.getByText("of everybody").waitFor();
      await page.getByText("The text as it would be").click();
      const shown = await page.locator("details pre").innerText();
      match(shown, /set note="<b>\\"hi\\"<\/b> \\\$\[\/system reboot\]"/);

      await open(`${here}?tab=history`);
      await page.getByRole("heading", { name: "From version 1 to 2" }).waitFor();
      await page.getByText("a note").waitFor();
    });

    await t.step("a command halts at failures, is resumed, and is retried", async () => {
      for (const at of [1, 5, 6]) await fleet.routers[at]!.inject({ kind: "wrong-password" });
      await setStatus("offline", [ids[19]!]);
      await open("/devices");
      await page.getByLabel("Select all routers of this page").check();
      await page.getByRole("link", { name: "Run or push…" }).click();
      await tab.hydrated();
      await page.getByText("20 routers were chosen").waitFor();
      await page.getByLabel("Command", { exact: true }).fill(':put "hello"');
      await page.getByRole("button", { name: "Review" }).click();
      await page.getByText("19 online now").waitFor();
      await page.getByLabel(/Nothing takes this command back/).check();
      await page.getByRole("button", { name: "Run on 20 routers" }).click();
      await page.waitForURL(/\/jobs\/[0-9a-f-]{36}$/);
      await tab.hydrated();
      for (const failed of [", 1 failed", ", 3 failed"]) {
        await page.getByText(failed).waitFor();
        await page.getByText("Too many routers failed").waitFor();
        await page.getByRole("button", { name: "Resume" }).click();
      }
      await page.getByText("1 router is offline: done when back").waitFor();
      ok(await page.getByText("16 of 20 done").isVisible());
      await setStatus("online", [ids[19]!]);
      await page.getByText("Ended: 17 of 20 done").waitFor();
      await page.getByRole("heading", { name: "All printed the same" }).waitFor();
      await page.getByText("17 routers").waitFor();
      await page.getByRole("link", { name: "Failed 3" }).click();
      await tab.hydrated();
      equal(await page.getByTestId("job-routers").locator("tbody tr").count(), 3);
      await page.getByText(/refused the login.*Nothing was done/).first().waitFor();
      for (const at of [1, 5, 6]) await fleet.routers[at]!.clear();
      await page.getByRole("button", { name: "Retry 3 routers" }).click();
      await page.getByText("20 of 20 done").waitFor();
    });

    await t.step("the list of jobs, and what a router stopped at", async () => {
      await open("/jobs/new?q=r00");
      await page.getByText("It fits 1 router").waitFor();
      await page.getByLabel("Command", { exact: true }).fill(
        ":put before\n/no/such command\n:put after",
      );
      await page.getByLabel("Title").fill("A slip");
      await page.getByRole("button", { name: "Review" }).click();
      await page.getByLabel(/Nothing takes this command back/).check();
      await page.getByRole("button", { name: "Run on 1 router" }).click();
      await page.getByText("The router stopped at").waitFor();
      await open("/jobs?q=slip");
      await page.getByRole("link", { name: "A slip" }).waitFor();
    });
    deepEqual(tab.errors, []);
    deepEqual(await tab.violations(), []);
    stop.abort();
    await Promise.all(running);
  },
});
