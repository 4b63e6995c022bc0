import { ConfigView } from "@/core/config_view/config_view.ts";
import { type RuleSeverity, SEVERITY_WEIGHTS } from "@/core/contract/compliance_rules.ts";
import type { RuleEvidence, RuleResult } from "@/core/contract/compliance.ts";
import { evaluateRule } from "./evaluate.ts";
import { evidenceOf } from "./evidence.ts";
import type { Rulebook, RuledRouter } from "./rulebook.ts";

export interface Judged {
  readonly ruleId: string;
  readonly title: string;
  readonly severity: RuleSeverity;
  readonly result: RuleResult;
  readonly evidence: readonly RuleEvidence[];
  readonly exceptionId: string | null;
  /** When the exception ends. */
  readonly until: Date | null;
}

const NO_BACKUP: RuleEvidence = {
  ...{ menu: null, line: null, item: null },
  message: "It cannot be told: there is no backup of the configuration",
};

/** What each rule of the book says of a router; without a configuration, that nothing can be said. */
export function judge(
  book: Rulebook,
  router: RuledRouter,
  view: ConfigView | undefined,
  nowMs: number,
): Judged[] {
  return book.rulesFor(router).map(({ id, title, severity, body }) => {
    const { result, findings } = view
      ? evaluateRule(body, view)
      : { result: "unknown" as const, findings: undefined };
    const base = { ruleId: id, title, severity };
    const evidence = findings ? evidenceOf(findings) : [NO_BACKUP];
    const exception = result === "fail" ? book.exceptionFor(id, router, nowMs) : undefined;
    return {
      ...{ ...base, evidence, result: exception ? "exception" : result },
      ...{ exceptionId: exception?.id ?? null, until: exception?.expiresAt ?? null },
    };
  });
}

export interface Tally {
  passedWeight: number;
  askedWeight: number;
  passed: number;
  failed: number;
  failedHard: number;
  unknown: number;
  excepted: number;
}

/**
 * The score is the weight of the rules that pass in all that pass or fail. What has an exception, is not
 * applicable or unknown counts neither way.
 */
export function tally(judged: readonly Pick<Judged, "result" | "severity">[]): Tally {
  const sum: Tally = {
    ...{ passedWeight: 0, askedWeight: 0, passed: 0, failed: 0, failedHard: 0 },
    ...{ unknown: 0, excepted: 0 },
  };
  for (const { result, severity } of judged) {
    const weight = SEVERITY_WEIGHTS[severity];
    if (result === "pass" || result === "fail") sum.askedWeight += weight;
    if (result === "pass") {
      sum.passed += 1;
      sum.passedWeight += weight;
    }
    if (result === "fail") {
      sum.failed += 1;
      if (severity === "critical" || severity === "high") sum.failedHard += 1;
    }
    if (result === "unknown") sum.unknown += 1;
    if (result === "exception") sum.excepted += 1;
  }
  return sum;
}
