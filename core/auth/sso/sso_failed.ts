import { SSO_PROBLEM_WORDS, type SsoProblem } from "@/core/contract/sso.ts";
import { AppError } from "@/core/errors.ts";

/** A sign-in by an organisation that ended; `cause` is for the log alone. */
export class SsoFailed extends AppError {
  readonly code = "unauthenticated";
  constructor(readonly problem: SsoProblem, options?: ErrorOptions) {
    super(SSO_PROBLEM_WORDS[problem], options);
  }
}
