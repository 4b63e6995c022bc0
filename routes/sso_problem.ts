import { SSO_PROBLEM_WORDS, SSO_PROBLEMS } from "@/core/contract/sso.ts";

/** Words for a page's `?sso=`: of our own list, whatever stands in the address. */
export function ssoProblemOf(search: URLSearchParams): string | undefined {
  const problem = SSO_PROBLEMS.find((one) => one === search.get("sso"));
  return problem && SSO_PROBLEM_WORDS[problem];
}
