import { type Browser, chromium, type Page } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** A page that takes longer than this is broken, even on a busy machine. */
const PATIENCE_MS = 20_000;

export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser;
  /** A tab with cookies and storage of its own. */
  open(options?: OpenOptions): Promise<WatchedPage>;
}

export interface OpenOptions {
  colorScheme?: "light" | "dark";
  reducedMotion?: "reduce";
  viewport?: { width: number; height: number };
}

/** A tab, and what went wrong in it so far. */
export interface WatchedPage {
  readonly page: Page;
  /** Each breach of the Content-Security-Policy: directive and what was blocked. */
  violations(): Promise<string[]>;
  /** Uncaught errors and `console.error`. */
  readonly errors: string[];
  /** Resolves when every island of the page runs or has failed. */
  hydrated(): Promise<void>;
}

/** A real Chromium. */
export async function startBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  return {
    browser,
    open: (options) => openPage(browser, options),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

function findChromium(): string {
  for (const place of [Deno.env.get("CHROMIUM"), ...PLACES]) {
    try {
      if (place && Deno.statSync(place).isFile) return place;
    } catch { /* looked for in the next place */ }
  }
  throw new Error(
    "Cannot start Chromium as it is not installed. Run as root: apt-get install -y chromium",
  );
}

async function openPage(browser: Browser, options: OpenOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(globalThis, { cspViolations: found });
    document.addEventListener("securitypolicyviolation", (event) => {
      found.push(`${event.effectiveDirective} ${event.blockedURI}`);
    });
  });
  return {
    page,
    errors,
    violations: () =>
      page.evaluate(() => (globalThis as unknown as { cspViolations: string[] }).cspViolations),
    hydrated: async () => {
      await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
    },
  };
}
