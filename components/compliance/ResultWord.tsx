import type { RuleResult } from "@/core/contract/compliance.ts";

const LOOK: Record<RuleResult, { word: string; tone: string; shape: string }> = {
  pass: { word: "Passes", tone: "text-ok", shape: "M1.5 6.5l3 3 6-7" },
  fail: { word: "Fails", tone: "text-bad", shape: "M2 2l8 8M10 2l-8 8" },
  unknown: { word: "Unknown", tone: "text-warn", shape: "M3 4a3 3 0 1 1 4 2.8L6 8M6 10.5v.5" },
  exception: { word: "Exception", tone: "text-info", shape: "M2 6h8" },
  not_applicable: { word: "Not applicable", tone: "text-text-2", shape: "M2 6h8" },
};
export const RESULT_WORDS: Readonly<Record<RuleResult, string>> = {
  pass: LOOK.pass.word,
  fail: LOOK.fail.word,
  unknown: LOOK.unknown.word,
  exception: LOOK.exception.word,
  not_applicable: LOOK.not_applicable.word,
};

/** A shape and a word, never a colour alone. */
export function ResultWord({ result }: { result: RuleResult }) {
  const { word, tone, shape } = LOOK[result];
  return (
    <span class={`inline-flex items-center gap-1.5 whitespace-nowrap font-medium ${tone}`}>
      <svg
        width="11"
        height="11"
        viewBox="0 0 12 12"
        fill="none"
        stroke="currentColor"
        stroke-width="2"
        aria-hidden="true"
      >
        <path d={shape} />
      </svg>
      {word}
    </span>
  );
}
