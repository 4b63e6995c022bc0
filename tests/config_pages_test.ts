import { deepEqual, equal, ok } from "node:assert/strict";
import { runBinaryJobs } from "@/core/binary_backups/run_jobs.ts";
import { addDevice } from "@/core/devices/devices.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test({
  name: "a configuration is read, compared, searched and revealed on its pages",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async (t) => {
    await using fleet = await startFleet({
      ssh: true,
      routers: [{ board: "rb5009", version: "7.18.2", identity: "edge-1", bootMs: 200 }],
    });
    await using test = await openSignedIn();
    const { platform, db, acme } = test;
    const stop = new AbortController();
    const polling = startPoller(platform, stop.signal);
    const jobs = runBinaryJobs(platform, stop.signal);
    const [host] = fleet.routers;
    const { address, port, sshPort, username, password, router } = host!;
    const { id } = await addDevice(scopeOf(db, acme), platform, {
      ...{ address, port, sshPort, username, password, tlsMode: "plain", region: "default" },
      name: "edge-1",
    });
    const tab = await test.open("admin");
    const { page } = tab;
    const open = async (path: string) => {
      await page.goto(test.url + path);
      await tab.hydrated();
    };
    const backUp = page.getByRole("button", { name: "Back up now" });

    await t.step("two backups, and what changed between them", async () => {
      await open(`/devices/${id}/config`);
      await page.getByText("No backup yet").waitFor();
      await backUp.click();
      await page.getByText("First", { exact: true }).waitFor();
      await tab.hydrated();
      router.edit("/ppp/secret").push({
        ...{ ".id": "*1", name: "<b>branch</b>", password: "correct horse" },
      });
      await backUp.click();
      await page.getByRole("img", { name: "1 added, 0 removed, 0 changed" }).waitFor();
      await page.getByRole("button", { name: "Compare chosen" }).click();
      const item = page.getByRole("region", { name: "/ppp/secret" });
      await item.getByText("<b>branch</b>", { exact: true }).waitFor();
      equal(await page.getByText("correct horse").count(), 0);
    });

    await t.step("secrets are shown to whoever says why", async () => {
      await open(`/devices/${id}/config`);
      await page.locator("tbody a").first().click();
      await tab.hydrated();
      const text = page.getByTestId("config-text");
      ok(!(await text.innerText()).includes("correct horse"));
      await page.getByRole("button", { name: "Show secrets" }).click();
      await page.getByLabel(/Why they must be seen/).fill("a replacement is on its way");
      await page.locator("form").getByRole("button", { name: "Show secrets" }).click();
      await page.getByText("correct horse").waitFor();
      await page.getByRole("button", { name: "Hide secrets" }).click();
      ok(!(await text.innerText()).includes("correct horse"));
    });

    await t.step(
      "every configuration is searched, and the overview tells how backups go",
      async () => {
        await open("/configs?find=ppp+secret+branch");
        await page.getByRole("heading", { name: "1 line in 1 configuration" }).waitFor();
        await page.getByText("Current 1").waitFor();
        await page.getByRole("button", { name: "Back up everything now" }).click();
        await page.getByText("1 router will be read").waitFor();
      },
    );

    await t.step("a version is kept for ever, each item tells where it came from", async () => {
      await open(`/devices/${id}/config`);
      await page.locator("tbody a").first().click();
      await tab.hydrated();
      await page.getByLabel("Name of this version").fill("before the move");
      await page.getByRole("button", { name: "Keep for ever" }).click();
      await page.getByText("Kept whatever its age.").waitFor();
      await open(`/devices/${id}/config/blame?find=branch`);
      await page.getByText(/^Came/).waitFor();
      equal(await page.getByText("/ip/address", { exact: true }).count(), 0);
      await open("/configs/rules");
      await page.getByLabel("Every version").fill("30");
      await page.getByRole("button", { name: "Save" }).first().click();
      await page.getByText("Saved.").waitFor();
    });

    await t.step(
      "a full backup is taken, its password revealed, and the router brought back",
      async () => {
        await open(`/devices/${id}/config/full`);
        await page.getByText("No full backup yet").waitFor();
        await page.getByRole("button", { name: "Take a full backup" }).click();
        await page.getByText("Taken.", { exact: true }).waitFor();
        await page.getByRole("button", { name: "Password" }).click();
        await page.getByLabel(/Why it must be seen/).fill("a replacement is on its way");
        await page.getByRole("button", { name: "Show the password" }).click();
        equal((await page.getByTestId("backup-password").innerText()).length, 33);
        await page.getByRole("button", { name: "Hide" }).click();
        router.edit("/ppp/secret").pop();
        await page.getByRole("button", { name: "Restore…" }).click();
        await page.getByLabel(/Type the router's name/).fill("edge-2");
        await page.getByRole("button", { name: "Load it and restart" }).click();
        await page.getByText(/typedName is not the name/).waitFor();
        await page.getByLabel(/Type the router's name/).fill("edge-1");
        await page.getByRole("button", { name: "Load it and restart" }).click();
        // Told live, state by state.
        await page.getByText("Restored", { exact: true }).waitFor({ timeout: 25_000 });
        equal(router.rows("/ppp/secret").length, 1);
      },
    );

    await t.step("another host key is an alarm, and trusted on purpose", async () => {
      await host!.changeHostKey();
      await open(`/devices/${id}/config`);
      await backUp.click();
      await page.getByText(/shows another SSH host key/).waitFor();
      page.once("dialog", (dialog) => void dialog.accept());
      await page.getByRole("button", { name: "Forget the pinned key" }).click();
      await page.getByText("nothing has changed").waitFor();
    });
    // The wrong name, which the browser tells too.
    deepEqual(tab.errors.filter((text) => !text.includes("status of 422")), []);
    deepEqual(await tab.violations(), []);
    stop.abort();
    await Promise.all([polling, jobs]);
  },
});
