import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

const PATH = "/api/auth/sso";

/** Binds a sign-in at a provider to the browser that began it: else anybody's could be slipped to it. */
export class SsoCookie {
  readonly #name: string;

  constructor(readonly isSecure: boolean) {
    this.#name = isSecure ? "__Secure-tod_sso" : "tod_sso";
  }

  set(c: Context, value: string, maxAge: number): void {
    setCookie(c, this.#name, value, {
      ...{ httpOnly: true, secure: this.isSecure, path: PATH, maxAge },
      // Lax: it has to come along when the provider sends the browser back.
      sameSite: "Lax",
    });
  }

  /** Its value; it is gone from the browser with this answer. */
  take(c: Context): string | undefined {
    const value = getCookie(c, this.#name);
    if (value !== undefined) deleteCookie(c, this.#name, { path: PATH, secure: this.isSecure });
    return value;
  }
}
