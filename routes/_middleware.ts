import { HttpError } from "@/web/define.ts";
import { define } from "./define.ts";

/** Pages before anybody is signed in. */
const OPEN: ReadonlySet<string> = new Set(["/login", "/enrol", "/recover", "/demo"]);
/** Where somebody goes whose tenant demands a second factor that they do not have yet. */
const SECURITY = "/account";

/** Finds out who is signed in; whoever is not is sent to sign in, and back afterwards. */
export default define.middleware(async (ctx) => {
  const { state, url, redirect, req } = ctx;
  if (OPEN.has(url.pathname)) return await ctx.next();
  const answer = await state.api.auth.me.$get();
  const status: number = answer.status;
  if (status === 401) {
    if (req.method !== "GET" && req.method !== "HEAD") {
      throw new HttpError(401, "The session is over: sign in again, then repeat this");
    }
    const next = url.pathname + url.search;
    return redirect(next === "/" ? "/login" : `/login?next=${encodeURIComponent(next)}`);
  }
  if (!answer.ok) throw new HttpError(status, "Cannot find out who is signed in");
  state.me = await answer.json();
  if (state.me.needsSecondFactor && url.pathname !== SECURITY) return redirect(SECURITY);
  const response = await ctx.next();
  // A page shows a tenant's data: no shared cache may keep it, and "back" after signing out asks anew.
  response.headers.set("cache-control", "private, no-store");
  return response;
});
