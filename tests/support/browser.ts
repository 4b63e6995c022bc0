import { type Browser, chromium, type Page } from "playwright-core";

/** Without these Chromium looks for its maker's hosts at every start. */
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian's Chromium, headless. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: Deno.env.get("TOD_TEST_CHROMIUM") ?? "/usr/bin/chromium",
    args: FLAGS,
  });
}

/** What a page must never show: script errors, refused sources, dialogs made by data. */
export function watchPage(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`script error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    const text = message.text();
    const isExpected = /status of 404/.test(text);
    if (message.type() === "error" && !isExpected) problems.push(`console: ${text}`);
  });
  return problems;
}
