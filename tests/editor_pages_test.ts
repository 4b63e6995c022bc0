import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Registry } from "prom-client";
import axe from "axe-core";
import type { AxeResults } from "axe-core";
import { addDevice } from "@/core/devices/devices.ts";
import { runPushJobs } from "@/core/pushes/jobs.ts";
import { startPoller } from "@/poller/mod.ts";
import { startFleet } from "@/tools/sim/fleet.ts";
import { fastTime } from "./support/fast_clock.ts";
import { scopeOf } from "./support/scope.ts";
import { openSignedIn } from "./support/signed_in.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

Deno.test({
  name: "a router is edited live, its changes reviewed, pushed and confirmed",
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
    const { id } = await addDevice(scopeOf(db, acme), platform, {
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
    // The frame around it is looked at where every page is.
    const serious = async () => {
      await page.evaluate(axe.source);
      const options = { resultTypes: ["violations"], runOnly: TAGS } as const;
      const { violations } = await page.evaluate(
        (options) =>
          (globalThis as unknown as { axe: { run(...given: unknown[]): Promise<unknown> } }).axe
            .run("main", options),
        options,
      ) as AxeResults;
      return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id} ${nodes[0]!.target.join(" ")}`);
    };
    // What a step leaves behind is what the next one begins with.
    let isSound = true;
    const step = async (name: string, work: () => Promise<void>) => {
      if (isSound) isSound = await t.step(name, work);
    };
    const rules = () => router.rows("/ip/firewall/filter").map((row) => row["comment"]);
    const before = rules();
    const row = (text: string) => page.getByTestId("items").locator("tr", { hasText: text });
    const pending = (words: string) => page.getByRole("heading", { name: words, exact: true });

    await step("a rule is added where it counts; what cannot be is told beside it", async () => {
      await open(`/devices/${id}/editor?menu=/ip/firewall/filter`);
      await row("icmp").waitFor();
      await page.keyboard.press("a");
      const form = page.getByRole("dialog");
      await form.getByLabel("Chain", { exact: true }).fill("forward");
      await form.getByLabel("Action", { exact: true }).selectOption("drop");
      await form.getByLabel("Dst port", { exact: true }).fill("25");
      await form.getByLabel("Comment", { exact: true }).fill("<b>no mail</b>");
      await form.getByRole("button", { name: "Add to pending" }).click();
      await form.getByText("must be tcp or udp, as dst-port is set").waitFor();
      deepEqual(await serious(), []);
      await form.getByLabel("Protocol", { exact: true }).fill("tcp");
      await form.getByLabel("Place").selectOption({ index: before.length });
      await form.getByRole("button", { name: "Add to pending" }).click();
      await pending("1 pending change").waitFor();
      equal(await row("<b>no mail</b>").getAttribute("data-mark"), "added");
      deepEqual(rules(), before, "nothing reached the router");
    });

    await step(
      "a rule is changed, another moved by keys, a third removed and undone",
      async () => {
        await row("icmp").locator("[data-open]").click();
        const form = page.getByRole("dialog");
        await form.getByLabel("Comment", { exact: true }).fill("pings");
        await form.getByRole("button", { name: "Keep change" }).click();
        await pending("2 pending changes").waitFor();
        await row("pings").locator("[data-open]").focus();
        await page.keyboard.press("Alt+ArrowUp");
        await pending("3 pending changes").waitFor();
        match(await row("pings").locator("td").first().innerText(), /\b2$/);
        await row("fasttrack").locator("[data-open]").first().focus();
        await page.keyboard.press("Delete");
        await pending("4 pending changes").waitFor();
        await page.getByRole("button", { name: /^Undo: Removed/ }).click();
        await pending("3 pending changes").waitFor();
      },
    );

    await step("an address is added in another menu, a name in the plain forms", async () => {
      await page.getByRole("link", { name: "Addresses", exact: true }).click();
      await page.getByRole("heading", { name: "Addresses" }).waitFor();
      await page.getByRole("button", { name: "Add", exact: true }).click();
      const form = page.getByRole("dialog");
      await form.getByLabel("Address", { exact: true }).fill("10.77.0.1/24");
      await form.getByLabel("Interface", { exact: true }).fill("ether5");
      await form.getByRole("button", { name: "Add to pending" }).click();
      await pending("4 pending changes").waitFor();
      await open(`/devices/${id}/simple`);
      const names = page.getByRole("form", { name: "Name and time" });
      await names.getByLabel("Name", { exact: true }).fill("edge-2");
      await names.getByRole("button", { name: "Keep changes" }).click();
      await pending("5 pending changes").waitFor();
      deepEqual(await serious(), []);
    });

    await step("on a phone it fits, and the pending changes are at hand", async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      await open(`/devices/${id}/editor?menu=/ip/firewall/filter`);
      await row("pings").waitFor();
      await page.getByRole("link", { name: "5 pending" }).waitFor();
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      equal(width, 390);
      deepEqual(await serious(), []);
      await page.setViewportSize({ width: 1_440, height: 900 });
    });

    await step("a conflict is told with both values, and the push waits for a word", async () => {
      const rule = router.edit("/ip/firewall/filter").find(({ comment }) => comment === "icmp")!;
      rule["comment"] = "theirs";
      router.changed("/ip/firewall/filter", {
        ...{ kind: "changed", row: rule, path: "/ip/firewall/filter" },
      });
      await page.getByRole("link", { name: "Review and push" }).click();
      await tab.hydrated();
      await page.getByText("1 conflict: see it beside its change").waitFor();
      const told = page.getByRole("note");
      match(await told.innerText(), /comment\s+icmp\s+theirs\s+pings/);
      const push = page.getByRole("button", { name: "Push to 1 router" });
      ok(await push.isDisabled());
      rule["comment"] = "icmp";
      router.changed("/ip/firewall/filter", {
        ...{ kind: "changed", row: rule, path: "/ip/firewall/filter" },
      });
      await page.getByRole("button", { name: "Compare again" }).click();
      await page.getByText("The routers hold what these changes were made against").waitFor();
      deepEqual(await serious(), []);
    });

    await step("it is pushed as one, proven, and confirmed", async () => {
      await page.getByRole("button", { name: "Push to 1 router" }).click();
      await page.waitForURL(/\/pushes\//);
      await tab.hydrated();
      await page.getByRole("button", { name: "Confirm", exact: true }).click();
      await page.getByTestId("push-state").getByText("Confirmed", { exact: true }).waitFor();
      const after = rules();
      equal(after.indexOf("pings"), 1);
      equal(after[before.length - 1], "<b>no mail</b>");
      equal(router.rows("/system/identity")[0]!["name"], "edge-2");
      ok(router.rows("/ip/address").some((one) => one["address"] === "10.77.0.1/24"));
      await open("/change-sets?filter=pushed");
      await page.getByRole("link", { name: "Changes to edge-1" }).click();
      await tab.hydrated();
      await page.getByRole("link", { name: "Confirmed" }).waitFor();
    });
    deepEqual(tab.errors, []);
    deepEqual(await tab.violations(), []);
    stop.abort();
    await Promise.all(running);
  },
});
