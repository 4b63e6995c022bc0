import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Tokens } from "@/core/auth/sessions.ts";

const REFRESH_PATH = "/api/auth";

/**
 * The two cookies of a session. Over HTTPS they carry the prefixes with which a browser itself sees to
 * Secure, host and path; scripts never see either.
 */
export class SessionCookies {
  readonly #access: string;
  readonly #refresh: string;

  /** `isSecure`: people reach us over HTTPS. */
  constructor(readonly isSecure: boolean) {
    this.#access = isSecure ? "__Host-tod_session" : "tod_session";
    this.#refresh = isSecure ? "__Secure-tod_refresh" : "tod_refresh";
  }

  set(c: Context, { access, accessSeconds, refresh, refreshSeconds }: Tokens): void {
    const common = { httpOnly: true, secure: this.isSecure } as const;
    // Lax: a link in a mail opens the page it names. What changes something is checked by origin.
    setCookie(c, this.#access, access, {
      ...common,
      path: "/",
      sameSite: "Lax",
      maxAge: accessSeconds,
    });
    setCookie(c, this.#refresh, refresh, {
      ...common,
      path: REFRESH_PATH,
      sameSite: "Strict",
      maxAge: refreshSeconds,
    });
  }

  clear(c: Context): void {
    deleteCookie(c, this.#access, { path: "/", secure: this.isSecure });
    deleteCookie(c, this.#refresh, { path: REFRESH_PATH, secure: this.isSecure });
  }

  access(c: Context): string | undefined {
    return getCookie(c, this.#access);
  }

  refresh(c: Context): string | undefined {
    return getCookie(c, this.#refresh);
  }
}
