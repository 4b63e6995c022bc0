import { equal } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { extractText, getDocumentProxy } from "unpdf";
import { createAdmin } from "@/core/auth/first_run.ts";
import type { AuthSite } from "./auth_site.ts";
import type { WatchedPage } from "./browser.ts";

/** What people in these tests choose. */
export const PASSWORD = "Sechs grüne Traktoren im Regen";

export interface Person {
  email: string;
  password: string;
  secretKey: string;
  recoveryCodes: string[];
}

export const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
export const isInside = (page: Page) => page.getByRole("heading", { name: "Overview" }).waitFor();
export const alertOf = (page: Page) => page.getByRole("alert").filter({ hasText: /./ });

export async function fill(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).fill(value);
}

/** What another reader finds in a kit. */
export async function kitLines(pdf: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)));
  return text[0]!.split("\n").map((line) => line.trim());
}

/** Goes through a one-time link to the end, as a person who reads does. The kit is the one downloaded. */
export async function enrol(
  { page }: WatchedPage,
  site: Pick<AuthSite, "url">,
  token: string,
  fields: Record<string, string> = {},
  password = PASSWORD,
): Promise<Person> {
  await page.goto(`${site.url}/enrol#${token}`);
  await page.getByTestId("enrol").waitFor();
  await fill(page, { ...fields, "new-password": password, "new-password-again": password });
  await button(page, "Continue").click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    button(page, "Download PDF").click(),
  ]);
  equal(download.suggestedFilename(), "TOD Emergency Kit.pdf");
  const lines = await kitLines(await readFile(await download.path()));
  const after = (label: string) => lines[lines.indexOf(label) + 1]!;
  const secretKey = after("Secret Key");
  equal(after("Sign-in address"), `${site.url}/login`);
  await fill(page, { "last-group": secretKey.slice(-5).toLowerCase() });
  await button(page, "Finish").click();
  await page.getByTestId("recovery-codes").waitFor();
  const recoveryCodes = await page.getByTestId("recovery-codes").locator("li").allInnerTexts();
  await page.getByLabel("I have saved these codes").check();
  await page.getByTestId("recovery-codes").locator(".btn-primary").click();
  return { email: after("E-mail"), password, secretKey, recoveryCodes };
}

export async function signOut({ page }: WatchedPage, site: AuthSite): Promise<void> {
  await page.goto(`${site.url}/account`);
  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
  await button(page, "Sign out").click();
  await page.getByTestId("sign-in").waitFor();
}

export async function invited(tab: WatchedPage, site: AuthSite, name: string): Promise<Person> {
  const email = `${name}@example.net`;
  const person = await enrol(tab, site, await createAdmin(site.deps, { email, name }));
  await isInside(tab.page);
  return person;
}

/** Fills the sign-in form and sends it; the Secret Key only where the form asks for one. */
export async function signIn(
  { page }: WatchedPage,
  site: AuthSite,
  { email, password, secretKey }: { email: string; password: string; secretKey?: string },
  path = "/login",
): Promise<void> {
  await page.goto(`${site.url}${path}`);
  await page.locator("html[data-hydrated]").waitFor({ state: "attached" });
  await fill(page, { email, password });
  if (secretKey !== undefined) await fill(page, { "secret-key": secretKey });
  await button(page, "Sign in").click();
}
