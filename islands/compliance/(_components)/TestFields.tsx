import type { RuleTest } from "@/core/contract/compliance_rules.ts";
import { testInWords } from "@/core/contract/compliance_words.ts";

export const NEW_TEST: RuleTest = { attribute: "disabled", is: "equal", value: "yes" };

const OPERATORS = {
  equal: "is",
  not_equal: "is not",
  one_of: "is one of",
  none_of: "is none of",
  set: "is set",
  unset: "is not set",
  has: "has (in a list)",
  lacks: "has not (in a list)",
  like: "is like (* and ?)",
  unlike: "is not like (* and ?)",
  between: "is between",
  longer: "has at least … characters",
  differs: "differs from attribute",
  restricted: "names networks, not all",
  only: "says nothing but",
} as const;
type Operator = keyof typeof OPERATORS;

/** One condition of a check as fields. */
export function TestFields({ test, onChange, onRemove }: {
  test: RuleTest;
  onChange: (test: RuleTest) => void;
  onRemove?: () => void;
}) {
  if (test.is === "names") {
    // The form cannot hold its inner conditions: it is shown as it is, and kept.
    return (
      <p class="flex flex-wrap items-center gap-2">
        <bdi class="break">{testInWords(test)}</bdi>
        {onRemove && <Remove onRemove={onRemove} />}
      </p>
    );
  }
  return (
    <div class="flex flex-wrap items-center gap-2">
      {test.is !== "only" && (
        <input
          class="field mono w-44"
          aria-label="Attribute"
          required
          maxlength={80}
          spellcheck={false}
          value={test.attribute}
          onInput={(event) => onChange({ ...test, attribute: event.currentTarget.value.trim() })}
        />
      )}
      <select
        class="field w-auto"
        aria-label="Comparison"
        value={test.is}
        onChange={(event) => onChange(withOperator(test, event.currentTarget.value as Operator))}
      >
        {Object.entries(OPERATORS).map(([value, words]) => (
          <option key={value} value={value} selected={value === test.is}>{words}</option>
        ))}
      </select>
      <Operand test={test} onChange={onChange} />
      {onRemove && <Remove onRemove={onRemove} />}
    </div>
  );
}

function Remove({ onRemove }: { onRemove: () => void }) {
  return (
    <button type="button" class="btn" aria-label="Remove this condition" onClick={onRemove}>
      ×
    </button>
  );
}

function withOperator(test: RuleTest, is: Operator): RuleTest {
  const attribute = test.is === "only" ? "disabled" : test.attribute;
  const base = { attribute, ...(test.absent !== undefined && { absent: test.absent }) };
  const text = textOf(test);
  switch (is) {
    case "equal":
    case "not_equal":
    case "has":
    case "lacks":
      return { ...base, is, value: text };
    case "one_of":
    case "none_of":
      return { ...base, is, values: listOf(text) };
    case "like":
    case "unlike":
      return { ...base, is, pattern: text };
    case "between":
      return { ...base, is, min: 0, max: null };
    case "longer":
      return { ...base, is, min: 8 };
    case "differs":
      return { ...base, is, other: "name" };
    case "only":
      return { attribute: "*", is, names: listOf(text || "chain, action") };
    case "set":
    case "unset":
    case "restricted":
      return { ...base, is };
  }
}

function listOf(text: string): string[] {
  const values = text.split(",").map((one) => one.trim());
  return values.length > 0 ? values : [""];
}

function textOf(test: RuleTest): string {
  switch (test.is) {
    case "equal":
    case "not_equal":
    case "has":
    case "lacks":
      return test.value;
    case "one_of":
    case "none_of":
      return test.values.join(", ");
    case "like":
    case "unlike":
      return test.pattern;
    case "only":
      return test.names.join(", ");
    default:
      return "";
  }
}

function Operand({ test, onChange }: { test: RuleTest; onChange: (test: RuleTest) => void }) {
  const field = (label: string, value: string, put: (text: string) => RuleTest) => (
    <input
      class="field mono w-52 max-w-full"
      aria-label={label}
      maxlength={500}
      spellcheck={false}
      value={value}
      onInput={(event) => onChange(put(event.currentTarget.value))}
    />
  );
  const number = (label: string, value: number | null, put: (n: number | null) => RuleTest) => (
    <input
      type="number"
      class="field w-24"
      aria-label={label}
      value={value ?? ""}
      onInput={(event) => {
        const typed = event.currentTarget.valueAsNumber;
        onChange(put(Number.isNaN(typed) ? null : typed));
      }}
    />
  );
  switch (test.is) {
    case "equal":
    case "not_equal":
    case "has":
    case "lacks":
      return field("Value", test.value, (value) => ({ ...test, value }));
    case "one_of":
    case "none_of":
      return field("Values, with commas between", test.values.join(","), (text) => ({
        ...test,
        values: listOf(text),
      }));
    case "like":
    case "unlike":
      return field("Pattern", test.pattern, (pattern) => ({ ...test, pattern }));
    case "differs":
      return field("Other attribute", test.other, (other) => ({ ...test, other }));
    case "only":
      return field("Attributes, with commas between", test.names.join(","), (text) => ({
        ...test,
        names: listOf(text),
      }));
    case "longer":
      return number("Characters", test.min, (min) => ({ ...test, min: min ?? 1 }));
    case "between":
      return (
        <>
          {number("At least", test.min, (min) => ({ ...test, min }))}
          {number("At most", test.max, (max) => ({ ...test, max }))}
        </>
      );
    default:
      return null;
  }
}
