/**
 * `deno task screenshots`: pictures for the docs, of the demo as it is now. Run beside a demo that has
 * been up for a while: `deno task demo --port=8099`, then this with the link that it printed.
 */
import type { Page } from "playwright-core";
import { startBrowser } from "../tests/support/browser.ts";
import { useSession } from "../tests/support/first_user.ts";

const link = new URL(Deno.args[0] ?? "");
const base = link.origin;
const out = new URL("../docs/screenshots/", import.meta.url).pathname;
await Deno.mkdir(out, { recursive: true });

const signedIn = await fetch(`${base}/api/auth/demo`, {
  method: "POST",
  headers: { "x-link-token": link.hash.slice(1) },
});
const cookies = signedIn.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!);
const headers = { cookie: cookies.join("; ") };
const { items } = await fetch(`${base}/api/devices?limit=100`, { headers })
  .then((answer) => answer.json());
const wireless =
  items.find(({ wirelessClients }: { wirelessClients: number | null }) =>
    (wirelessClients ?? 0) > 2
  ) ?? items[0];
const device = `/devices/${wireless.id}`;
const compared = items.slice(0, 4).map(({ id }: { id: string }) => id).join(",");

/** Something to see on the pages of changes: a push that waits, templates, a command's answers. */
async function ask(path: string, body: unknown) {
  const answer = await fetch(`${base}/api${path}`, {
    method: "POST",
    headers: { ...headers, origin: base, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) console.error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return await answer.json();
}
const core = items.find(({ version }: { version: string | null }) => version?.startsWith("7.18")) ??
  items[0];
const push = await ask("/pushes", {
  deviceId: core.id,
  title: "Let the office in",
  source: { kind: "api", id: null },
  commands: [{
    action: "add",
    menu: "/ip/firewall/address-list",
    attributes: { list: "office", address: "198.51.100.0/24", comment: "Office Brno" },
    before: null,
  }],
  ...{ confirm: "manual", windowSeconds: 900, probes: [], typedName: null },
});
const library = await fetch(`${base}/api/templates/library`, { headers })
  .then((answer) => answer.json());
for (const { slug } of library.items.slice(0, 4)) await ask("/templates/library", { slug });
await ask("/compliance/checks", {});

/** Name of the picture, its page, and what is done on it first. */
const PAGES: [name: string, path: string, prepare?: (page: Page) => Promise<void>][] = [
  ["dashboard", "/"],
  ["devices", "/devices"],
  ["device", device, async (page) => {
    await page.getByRole("button", { name: "15 min" }).click();
    await page.locator("canvas").last().waitFor();
  }],
  ["interfaces", `${device}/interfaces`],
  ["wireless", `${device}/wireless`],
  ["charts", `${device}/charts`],
  ["compare", `/compare?ids=${compared}`],
  ["clients", "/clients"],
  ["topology", "/topology"],
  ["map", "/map"],
  ["events", "/events"],
  ["logs", "/logs"],
  ["tools", `${device}/tools`],
  ["discovery", "/discovery"],
  ["groups", "/groups"],
  ["tags", "/tags"],
  ["sites", "/sites"],
  ["import", "/devices/import"],
  ["configs", "/configs"],
  ["config", `${device}/config`],
  ["editor", `/devices/${core.id}/editor?menu=/ip/firewall/filter`],
  ["simple", `/devices/${core.id}/simple`],
  ["restore", `${device}/restore`],
  ["push", `/pushes/${push.id}`],
  ["pushes", "/pushes"],
  ["change-sets", "/change-sets"],
  ["templates", "/templates"],
  ["new-job", "/jobs/new"],
  ["compliance", "/compliance"],
  ["compliance-router", `${device}/compliance`],
  ["audit", "/audit"],
  ["account", "/account"],
  ["users", "/settings/users"],
];
const VIEWS = [["light", 1280, 800], ["dark", 1280, 800], ["phone", 390, 844]] as const;

const browser = await startBrowser();
for (const [view, width, height] of VIEWS) {
  for (const [name, path, prepare] of PAGES) {
    const { page } = await browser.open({
      colorScheme: view === "dark" ? "dark" : "light",
      viewport: { width, height },
    });
    await useSession(page, base, { cookies, headers });
    await page.goto(base + path);
    await prepare?.(page);
    await page.waitForLoadState("networkidle", { timeout: 3_000 }).catch(() => {}); // the stream stays open
    await page.screenshot({ path: `${out}${name}-${view}.jpg`, type: "jpeg", quality: 78 });
    await page.close();
  }
}
await browser[Symbol.asyncDispose]();
console.log(`docs/screenshots: ${PAGES.length * VIEWS.length} pictures of ${base}`);
