import { deepEqual, equal, match, ok } from "node:assert/strict";
import { startBrowser, type WatchedPage } from "@/tests/support/browser.ts";
import { buildFixture, type FixtureBuild } from "./testing/build_fixture.ts";
import { createFixtureApp, HOSTILE } from "./testing/fixture_app.tsx";

interface Site extends AsyncDisposable {
  readonly url: string;
}

/** The fixture on a free port; `tamper` may change the body of an answer on its way. */
function serve(
  build: FixtureBuild,
  tamper: (path: string, body: string) => string = (_, body) => body,
): Site {
  const app = createFixtureApp(build);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const response = await app.fetch(request);
    const { pathname } = new URL(request.url);
    if (pathname === "/favicon.ico") return new Response(null, { status: 204 });
    if (!pathname.endsWith(".js")) return response;
    const plain = await app.request(pathname);
    return new Response(tamper(pathname, await plain.text()), { headers: plain.headers });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const textOf = ({ page }: WatchedPage, id: string) => page.getByTestId(id).innerText();
const click = ({ page }: WatchedPage, id: string) => page.getByTestId(id).click();

Deno.test("islands in a browser", async (t) => {
  await using build = await buildFixture();
  await using browser = await startBrowser();

  await t.step("hydrate without drawing anew, with the props they were given", async () => {
    await using site = serve(build);
    const tab = await browser.open();
    await tab.page.addInitScript(() => {
      // Marks the server's nodes before any module runs.
      document.addEventListener("readystatechange", () => {
        if (document.readyState !== "interactive") return;
        for (const node of document.querySelectorAll("button, output, [data-testid=server-html]")) {
          Object.assign(node, { isFromServer: true });
        }
      });
    });
    await tab.page.goto(site.url);
    await tab.hydrated();
    const marks = await tab.page.evaluate(() =>
      [...document.querySelectorAll("button, output, [data-testid=server-html]")].filter((node) =>
        !node.closest("[data-failed]")
      ).map((node) => (node as unknown as { isFromServer?: boolean }).isFromServer === true)
    );
    deepEqual(new Set(marks), new Set([true]));
    equal(
      await textOf(tab, "first-props"),
      `2026-11-23T20:00:00.000Z 18446744073709551615 ${HOSTILE}`,
    );
    equal(await tab.page.title(), "untitled", "no text of a prop ran as script");
  });

  await t.step("share signals, also with islands in slots and in slots shown later", async () => {
    await using site = serve(build);
    const tab = await browser.open();
    await tab.page.goto(site.url);
    await tab.hydrated();
    equal(await textOf(tab, "first"), "7");
    await click(tab, "first");
    await click(tab, "nested");
    await tab.page.getByTestId("first").getByText("9").waitFor();
    equal(await textOf(tab, "nested"), "9");

    await click(tab, "closed-toggle");
    await tab.page.getByTestId("late").getByText("9").waitFor();
    await click(tab, "late");
    await tab.page.getByTestId("first").getByText("10").waitFor();
  });

  await t.step("come back to life when their slot is hidden and shown again", async () => {
    await using site = serve(build);
    const tab = await browser.open();
    await tab.page.goto(site.url);
    await tab.hydrated();
    await click(tab, "open-toggle");
    await tab.page.getByTestId("nested").waitFor({ state: "detached" });
    await click(tab, "first");
    await click(tab, "open-toggle");
    await tab.page.getByTestId("nested").getByText("8").waitFor();
    await click(tab, "nested");
    await tab.page.getByTestId("first").getByText("9").waitFor();
    equal(await textOf(tab, "server-html"), "server HTML");
  });

  await t.step("fail alone: the broken one stays server HTML, the others live", async () => {
    await using site = serve(build);
    const tab = await browser.open();
    await tab.page.goto(site.url);
    await tab.hydrated();
    equal(await tab.page.getByTestId("broken").first().innerText(), "still server HTML");
    equal(await tab.page.locator("fresh-island[data-failed]").count(), 2);
    ok(tab.errors.some((error) => error.includes("/islands/Broken.tsx")));
    await click(tab, "first");
    await tab.page.getByTestId("first").getByText("8").waitFor();
    await click(tab, "within-broken"); // in the slot of a broken island
    await tab.page.getByTestId("first").getByText("9").waitFor();
  });

  await t.step("fail alone in an update too: those drawn in the same turn are drawn", async () => {
    await using site = serve(build);
    const tab = await browser.open();
    await tab.page.goto(site.url);
    await tab.hydrated();
    await click(tab, "fragile");
    await tab.page.getByTestId("first").getByText("107").waitFor();
    equal(await textOf(tab, "nested"), "107");
    await click(tab, "nested");
    await tab.page.getByTestId("first").getByText("108").waitFor();
    equal(await tab.page.locator("fresh-island[data-i*=Fragile][data-failed]").count(), 1);
    equal(await textOf(tab, "fragile"), "Break");
  });

  await t.step("break no rule of the Content-Security-Policy", async () => {
    await using site = serve(build);
    const tab = await browser.open();
    await tab.page.goto(site.url);
    await tab.hydrated();
    await tab.page.getByText("arrived late").waitFor();
    equal(await tab.page.evaluate(() => getComputedStyle(document.body).color), "rgb(1, 2, 3)");
    deepEqual(await tab.violations(), []);
    deepEqual(tab.errors.filter((error) => !error.includes("Broken.tsx")), []);
  });

  await t.step("see inline script, handlers and style refused", async () => {
    await using site = serve(build);
    const tab = await browser.open();
    await tab.page.goto(site.url);
    await tab.page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'owned'";
      const box = document.createElement("div");
      box.innerHTML = '<p style="color:red" onclick="document.title=\'owned\'">x</p>';
      document.body.append(script, box);
      box.querySelector("p")!.click();
    });
    equal(await tab.page.title(), "untitled");
    deepEqual(
      new Set(await tab.violations()),
      new Set([
        "script-src-elem inline",
        "script-src-attr inline",
        "style-src-attr inline",
      ]),
    );
  });

  for (
    const [what, chunk] of [
      ["an island's chunk", /\/Counter-/],
      ["a chunk that an island loads late", /\/late-/],
    ] as const
  ) {
    await t.step(`are not started from ${what} that somebody changed`, async () => {
      await using site = serve(
        build,
        (path, body) => chunk.test(path) ? `document.title = "owned";${body}` : body,
      );
      const tab = await browser.open();
      await tab.page.goto(site.url);
      await tab.hydrated();
      equal(await tab.page.title(), "untitled");
      ok(tab.errors.some((error) => /integrity/.test(error)), tab.errors.join("\n"));
      const isCounter = chunk.source.includes("Counter");
      await tab.page.getByText(isCounter ? "arrived late" : "refused", { exact: true }).waitFor();
      await click(tab, "open-toggle"); // another island, and it lives
      match(await textOf(tab, "open-toggle"), /Show/);
      await click(tab, "first");
      equal(await textOf(tab, "first"), isCounter ? "7" : "8");
    });
  }

  await t.step("are absent from a page that uses none: it runs no script", async () => {
    await using site = serve(build);
    const tab = await browser.open();
    const scripts: string[] = [];
    tab.page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.push(request.url());
    });
    await tab.page.goto(`${site.url}/plain`, { waitUntil: "networkidle" });
    deepEqual(scripts, []);
    deepEqual(await tab.violations(), []);
  });
});
