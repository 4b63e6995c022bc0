import type { RuleBody } from "@/core/contract/compliance_rules.ts";
import { checkInWords, needInWords } from "@/core/contract/compliance_words.ts";

/** What a rule asks, as sentences. */
export function RuleInWords({ body }: { body: RuleBody }) {
  return (
    <div class="grid gap-3">
      {body.when && (
        <div>
          <p class="text-sm text-text-2">
            {body.when.checks.length === 1
              ? "Asked where this holds"
              : body.when.need === "all"
              ? "Asked where all of this holds"
              : "Asked where one of these holds"}
          </p>
          <Checks checks={body.when.checks} />
        </div>
      )}
      <div>
        <p class="text-sm text-text-2">{needInWords(body)}</p>
        <Checks checks={body.checks} />
      </div>
    </div>
  );
}

function Checks({ checks }: { checks: RuleBody["checks"] }) {
  return (
    <ul class="ml-5 list-disc">
      {checks.map((check, at) => (
        <li key={at} class="break">
          <bdi>{checkInWords(check)}</bdi>
        </li>
      ))}
    </ul>
  );
}
