import { Field } from "@/components/Field.tsx";

const EXAMPLE =
  'Each item that fails: [{"each": "/ip/service", "action": "set", "attributes": {"disabled": "yes"}}]';

/** What sets a rule right, as data. */
export function FixField({ value, onInput }: { value: string; onInput: (text: string) => void }) {
  return (
    <details open={value !== ""}>
      <summary class="cursor-pointer font-medium">What sets it right (optional)</summary>
      <div class="mt-2">
        <Field
          label="Steps as JSON"
          name="rule-fix"
          hint={EXAMPLE}
        >
          <textarea
            id="rule-fix"
            class="field mono min-h-24"
            spellcheck={false}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
          />
        </Field>
      </div>
    </details>
  );
}

/** The steps for the server to judge, or why they are none. */
export function readFix(text: string): { steps: unknown } | { problem: string } {
  if (text.trim() === "") return { steps: [] };
  try {
    return { steps: JSON.parse(text) };
  } catch {
    return { problem: "What sets it right is no JSON: a quotation mark or comma may be missing" };
  }
}
