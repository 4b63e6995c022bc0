/**
 * `fetch` for islands: when the access token ran out it is renewed and the request made again, once.
 * Where the session itself is over, the page goes to sign in and comes back.
 */
export async function ask(input: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(input, init);
  if (answer.status !== 401) return answer;
  if (await renewSession()) return await fetch(input, init);
  goToSignIn();
  return answer;
}

/** One JSON request that changes something. */
export function send(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return ask(path, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const RENEWED_AT = "tod_renewed_at";
const SIGNED_IN = "tod_signed_in";
/** Another tab that renewed just now renewed for us too: the cookies are shared. */
const FRESH_MS = 5_000;

/**
 * Renews the access token. One tab at a time: a refresh token works once, and a second use would look
 * like theft. `false`: the session is over.
 */
export async function renewSession(): Promise<boolean> {
  return await navigator.locks.request("tod-session", async () => {
    const last = Number(localStorage.getItem(RENEWED_AT) ?? 0);
    if (Math.abs(Date.now() - last) < FRESH_MS) return true;
    const answer = await fetch("/api/auth/refresh", { method: "POST" });
    if (answer.ok) localStorage.setItem(RENEWED_AT, String(Date.now()));
    else if (answer.status === 401) noteSession(false);
    return answer.ok;
  });
}

/** Whether this browser had a session and did not sign out: only then is there one to wake. */
export function hadSession(): boolean {
  return localStorage.getItem(SIGNED_IN) !== null;
}

export function noteSession(isSignedIn: boolean): void {
  if (isSignedIn) localStorage.setItem(SIGNED_IN, "1");
  else localStorage.removeItem(SIGNED_IN);
}

/** To the sign-in page, and back here afterwards. */
export function goToSignIn(): void {
  const here = location.pathname + location.search;
  location.assign(here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`);
}
