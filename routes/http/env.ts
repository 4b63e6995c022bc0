import type { Scope } from "@/core/scope.ts";

/** What the middlewares have put in place before a handler of the API runs. */
export interface ApiEnv {
  Variables: { scope: Scope; requestId: string };
}
