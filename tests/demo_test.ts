import { deepEqual, equal, ok } from "node:assert/strict";
import { startFleet } from "@/tools/sim/fleet.ts";
import { startBrowser, type WatchedPage } from "./support/browser.ts";
import { useSession } from "./support/first_user.ts";
import { freePort } from "./support/ports.ts";
import { addRouter, followUntil, startProduct, temporaryDataDir } from "./support/product.ts";

const ROOT = new URL("../", import.meta.url).pathname;

Deno.test({
  name: "tod demo shows 24 routers online in the browser within 60 s, and leaves nothing behind",
  // Playwright's driver keeps timers of its own until its browser is closed.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const [port, metricsPort] = [await freePort(), await freePort()];
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "main.ts", "demo"],
        ...[`--port=${port}`, `--metrics-port=${metricsPort}`],
      ],
      cwd: ROOT,
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes("Ctrl-C")) {
      const { value, done } = await lines.read();
      if (done) throw new Error(`the demo ended:\n${said}`);
      said += value;
    }
    const link = new RegExp(`http://127\\.0\\.0\\.1:${port}/demo#[\\w-]+`).exec(said)?.[0];
    ok(link, "it prints a link that signs in");
    const up = Date.now();
    const browser = await startBrowser();
    try {
      const tab = await browser.open();
      const { page } = tab;
      await page.goto(link);
      await page.waitForFunction(
        () => document.querySelector("[data-testid=online]")?.textContent === "24",
        undefined,
        { timeout: 60_000 },
      );
      console.log(
        `24 routers online in the browser ${Date.now() - up} ms after the demo said it runs`,
      );

      await page.goto(`http://127.0.0.1:${port}/devices`);
      equal(await page.locator("tbody tr").count(), 24);
      await page.locator("[data-testid=live-status]", { hasText: "Live" }).waitFor();
      // A cell changes by itself: no reload, no polling.
      const table = page.locator("tbody");
      const before = await table.innerText();
      await page.waitForFunction(
        (text) => document.querySelector("tbody")!.innerText !== text,
        before,
        { timeout: 30_000 },
      );
      await page.locator("tbody a").first().click();
      await page.locator("canvas").first().waitFor();
      await nothingWrong(tab);
    } finally {
      await browser[Symbol.asyncDispose]();
      child.kill("SIGINT");
      await child.status;
      await lines.cancel();
    }
    await fetch(`http://127.0.0.1:${port}/health`).then(
      () => Promise.reject(new Error("the server is still there")),
      () => {},
    );
  },
});

Deno.test({
  name: "names that attack pages, terminals and logs are shown as text",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const names = [
      `<script>alert("tod")</script>`,
      `"><img src=x onerror=alert(1)>`,
      '=HYPERLINK("http://192.0.2.1")',
      "\u202eevil\u202c",
      "x".repeat(900),
      "Привет مرحبا 🛰️",
    ];
    await using fleet = await startFleet({
      count: names.length,
      routers: names.map((identity) => ({ identity })),
    });
    await using dir = await temporaryDataDir();
    await using product = await startProduct({
      dataDir: dir.path,
      env: { TOD_POLL_INTERVAL_SECONDS: "1" },
    });
    const ids: string[] = [];
    for (const router of fleet.routers) ids.push(await addRouter(product.access, router));
    await followUntil(
      product.access,
      (cells) => ids.every((id) => cells.get(id)?.status === "online"),
      30_000,
    );

    const browser = await startBrowser();
    try {
      for (const width of [1440, 390]) {
        const tab = await browser.open({ viewport: { width, height: 900 } });
        const { page } = tab;
        await useSession(page, product.url, product.user);
        page.on("dialog", (dialog) => tab.errors.push(`dialog: ${dialog.message()}`));
        for (
          const path of ["/", "/devices", "/events", `/devices/${ids[0]}`, `/devices/${ids[4]}`]
        ) {
          await page.goto(product.url + path);
          await tab.hydrated();
          const overflow = await page.evaluate(() =>
            document.documentElement.scrollWidth - document.documentElement.clientWidth
          );
          equal(overflow, 0, `${path} at ${width} px scrolls sideways by ${overflow} px`);
        }
        await page.goto(`${product.url}/devices`);
        const shown = await page.locator("tbody").innerText();
        ok(shown.includes(names[0]!), "the markup is shown as it was sent");
        await nothingWrong(tab);
        await page.close();
      }
    } finally {
      await browser[Symbol.asyncDispose]();
    }
    ok(!product.log().includes("\u202e"), "no direction mark reaches the log");
  },
});

/** No uncaught error, no refused source, no dialog that data made. */
async function nothingWrong({ errors, violations }: WatchedPage): Promise<void> {
  deepEqual(errors.filter((text) => !/status of 404/.test(text)), []);
  deepEqual(await violations(), []);
}
