import type { AuthDeps } from "../deps.ts";
import type { Issuers } from "./issuers.ts";

/** What single sign-on stands on. */
export interface SsoDeps extends AuthDeps {
  readonly issuers: Issuers;
}
