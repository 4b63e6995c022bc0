import type { Principal } from "@/core/auth/principal.ts";
import type { Scope } from "@/core/scope.ts";

/** What the middlewares have put in place before a handler of the API runs. */
export interface ApiEnv {
  Variables: {
    scope: Scope;
    requestId: string;
    /** The person who is signed in; absent for API keys. */
    principal: Principal | undefined;
  };
}
