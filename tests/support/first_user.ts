import { RESERVED_PERMISSIONS } from "@/core/auth/roles.ts";
import { PERMISSIONS } from "@/core/scope.ts";
import type { Page } from "playwright-core";
import { verifierFor } from "./identity.ts";

/** How a test speaks to a running product. */
export interface Access {
  readonly url: string;
  /** An API key with every permission a key can have. */
  readonly headers: Record<string, string>;
}

/** The super_admin that a test's product was set up with. */
export interface FirstUser {
  readonly headers: Record<string, string>;
  /** `name=value` of the session. */
  readonly cookies: readonly string[];
}

/** Does what the link that the first start prints is for, and makes an API key. */
export async function enrolFirstUser(url: string, token: string): Promise<FirstUser> {
  const x = crypto.getRandomValues(new Uint8Array(32));
  const enrolled = await fetch(`${url}/api/auth/enrol`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-link-token": token },
    body: JSON.stringify({
      ...verifierFor(x),
      name: "Test Admin",
      email: "admin@example.net",
      organisation: "Test MSP",
    }),
  });
  if (!enrolled.ok) throw new Error(`cannot enrol: ${await enrolled.text()}`);
  await enrolled.body?.cancel();
  const cookies = enrolled.headers.getSetCookie().map((cookie) => cookie.split(";")[0]!);
  const made = await fetch(`${url}/api/api-keys`, {
    method: "POST",
    headers: { "content-type": "application/json", cookie: cookies.join("; ") },
    body: JSON.stringify({
      name: "Test",
      permissions: PERMISSIONS.filter((name) => !RESERVED_PERMISSIONS.has(name)),
    }),
  });
  const { secret } = await made.json();
  return { cookies, headers: { authorization: `Bearer ${secret}` } };
}

/** Gives a tab the session of the first user. */
export async function useSession(page: Page, url: string, { cookies }: FirstUser): Promise<void> {
  await page.context().addCookies(cookies.map((cookie) => {
    const at = cookie.indexOf("=");
    const [name, value] = [cookie.slice(0, at), cookie.slice(at + 1)];
    return { name, value, url: name.includes("refresh") ? `${url}/api/auth` : url };
  }));
}
