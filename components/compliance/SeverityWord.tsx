import type { RuleSeverity } from "@/core/contract/compliance_rules.ts";

const LOOK: Record<RuleSeverity, string> = {
  critical: "border-bad text-bad",
  high: "border-warn text-warn",
  medium: "border-line text-text",
  low: "border-line text-text-2",
};
export const SEVERITY_WORDS: Readonly<Record<RuleSeverity, string>> = {
  ...{ critical: "Critical", high: "High", medium: "Medium", low: "Low" },
};

export function SeverityWord({ severity }: { severity: RuleSeverity }) {
  return (
    <span
      class={`rounded-control border px-1.5 py-0.5 text-xs whitespace-nowrap ${LOOK[severity]}`}
    >
      {SEVERITY_WORDS[severity]}
    </span>
  );
}
