import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readExport } from "@/core/audit/read_export.ts";
import { recordAuditApart } from "@/core/audit/record.ts";
import { verifyExport } from "@/core/audit/verify_export.ts";
import { noteSecretRead } from "@/core/transparency/record.ts";
import { writeEntries } from "./support/audit.ts";
import { insertDevice } from "./support/devices.ts";
import { openSignedIn } from "./support/signed_in.ts";

Deno.test("audit and transparency pages, as a person sees them", async (t) => {
  await using test = await openSignedIn();
  const { db, acme, url, platform } = test;
  const tab = await test.open("admin", { viewport: { width: 390, height: 844 } });
  const { page } = tab;
  const visit = async (path: string) => {
    await page.goto(url + path);
    await tab.hydrated();
  };
  const fits = async (what: string) => {
    const [content, screen] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      innerWidth,
    ]);
    ok(content! <= screen!, `${what} is ${content} wide on a screen of ${screen}`);
  };

  await t.step("nothing was read yet", async () => {
    await visit("/transparency");
    await page.getByText("No secret was read").waitFor();
    await fits("the empty page");
  });

  await t.step("a filter that fits nothing says so", async () => {
    await visit("/audit?action=nothing");
    await page.getByText("No entry matches").waitFor();
  });

  await t.step("an entry opens with its details; its address opens it again", async () => {
    await writeEntries(test, acme, 60, Date.now() - 3_600_000);
    await recordAuditApart(db, platform.kms, acme, [{
      ...{ actor: "system:local", action: "device.changed", outcome: "ok", ip: "2001:db8::1" },
      target: {
        kind: "device",
        id: "d1",
        label: `\u202e<img src=x onerror=alert(1)>${"x".repeat(80)}`,
      },
      details: { site: "<script>North</script>" },
    }]);
    await visit("/audit");
    await fits("the log");
    equal(await page.locator("tbody tr").count(), 50);
    await page.getByRole("button", { name: "Show entry 63" }).click();
    await page.getByText("<script>North</script>").waitFor();
    await page.getByText("gives the hash that was recorded").waitFor();
    equal(new URL(page.url()).hash, "#63");
    await fits("the drawer");
    await page.getByRole("button", { name: "Close" }).click();
    // The browser tells of a closed dialog in a task of its own.
    await page.waitForURL((url) => url.hash === "");
    await visit("/audit?outcome=ok#61");
    await page.reload();
    await page.getByRole("heading", { name: "Entry 61" }).waitFor();
  });

  await t.step("a changed entry is told as one", async () => {
    await test.admin.begin(async (owner) => {
      await owner`set local session_replication_role = replica`;
      await owner`update audit_log set actor = 'user:9' where seq = 63`;
    });
    await visit("/audit");
    await page.getByRole("button", { name: "Show entry 63" }).click();
    await page.getByText("was changed after it was written").waitFor();
  });

  await t.step("filters are in the address; older pages have what is left", async () => {
    await visit("/audit?action=login&outcome=refused");
    equal(await page.locator("tbody tr").count(), 12);
    await visit("/audit");
    await page.getByRole("link", { name: "Older" }).click();
    await tab.hydrated();
    ok(await page.locator("tbody tr").count() >= 13);
    await page.getByRole("link", { name: "Newest" }).click();
    await page.waitForURL(`${url}/audit`);
  });

  await t.step("the export that is offered is one that can be checked", async () => {
    await visit("/audit");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "JSON Lines" }).click(),
    ]);
    match(file.suggestedFilename(), /^tod-audit-\d{4}-\d\d-\d\d\.jsonl$/);
    const text = await Deno.readTextFile(await file.path());
    const { problem } = await verifyExport(readExport((async function* () {
      yield text;
    })()));
    equal(problem?.seq, "63", "and finds what was changed above");
  });

  await t.step("reads of secrets, summed and listed", async () => {
    const deviceId = await insertDevice(test, acme, { name: `tower-${"x".repeat(100)}` });
    const read = { secret: "device.credential", deviceId, at: new Date() };
    await db.tenant(acme, async (sql) => {
      await noteSecretRead(sql, acme, { ...read, actor: "poller:box", purpose: "poll" });
      await noteSecretRead(sql, acme, { ...read, actor: "poller:box", purpose: "poll" });
      await noteSecretRead(sql, acme, { ...read, actor: "user:x", purpose: "winbox" });
    });
    await visit("/transparency");
    await fits("the page of reads");
    await page.getByRole("link", { name: "Logging in to a router to poll it 2" }).click();
    await tab.hydrated();
    match(page.url(), /purpose=poll/);
    equal(await page.locator("tbody tr").count(), 1);
    await page.getByRole("link", { name: "Remove the filter purpose" }).click();
    await tab.hydrated();
    // With those of the entries opened and the export above.
    equal(await page.locator("tbody tr").count(), 4);
  });

  deepEqual(await tab.violations(), []);
  deepEqual(tab.errors, []);

  await t.step("who may not look is told so, and offered no link", async () => {
    const viewer = await test.open("viewer");
    await viewer.page.goto(`${url}/devices`);
    equal(await viewer.page.getByRole("link", { name: "Audit log" }).count(), 0);
    equal((await viewer.page.goto(`${url}/audit`))!.status(), 403);
    equal((await viewer.page.goto(`${url}/transparency`))!.status(), 403);
    const answer = await viewer.page.request.get(`${url}/api/audit/export`);
    equal(answer.status(), 403);
  });
});
