import type { RuleCheck, RuleTest } from "@/core/contract/compliance_rules.ts";
import { NEW_TEST, TestFields } from "./TestFields.tsx";

export const NEW_CHECK: RuleCheck = {
  ...{ menu: "/ip/service", expect: "each", where: [] },
  must: [NEW_TEST],
};

const EXPECTATIONS = {
  each: "every item must",
  some: "an item must be there",
  none: "no item may be there",
  last: "the last item must",
  count: "so many items must be there",
  version: "RouterOS must be at least",
} as const;
type Expectation = keyof typeof EXPECTATIONS;

/** One check of a rule as fields. */
export function CheckFields({ name, check, onChange, onRemove }: {
  /** What it is called, for those who hear the form. */
  name: string;
  check: RuleCheck;
  onChange: (check: RuleCheck) => void;
  onRemove?: () => void;
}) {
  const { expect } = check;
  const menu = expect === "version" ? "" : check.menu;
  return (
    <div class="rounded-panel border border-line p-3" role="group" aria-label={name}>
      <div class="flex flex-wrap items-end gap-2">
        {expect !== "version" && (
          <label class="min-w-56 flex-1">
            <span class="block text-sm text-text-2">Menu</span>
            <input
              class="field mono"
              value={menu}
              required
              maxlength={120}
              pattern="(/[a-z0-9][a-z0-9\-]*)+"
              title="With slashes: /ip/firewall/filter"
              spellcheck={false}
              onInput={(event) => onChange({ ...check, menu: event.currentTarget.value.trim() })}
            />
          </label>
        )}
        <label>
          <span class="block text-sm text-text-2">Expectation</span>
          <select
            class="field"
            value={expect}
            onChange={(event) =>
              onChange(withExpectation(check, event.currentTarget.value as Expectation))}
          >
            {Object.entries(EXPECTATIONS).map(([value, words]) => (
              <option key={value} value={value} selected={value === expect}>{words}</option>
            ))}
          </select>
        </label>
        {check.expect === "count" && <Bounds check={check} onChange={onChange} />}
        <Versions check={check} onChange={onChange} />
        {onRemove && (
          <button type="button" class="btn" aria-label={`Remove ${name}`} onClick={onRemove}>
            Remove
          </button>
        )}
      </div>
      {check.expect === "version" ? <AtLeast check={check} onChange={onChange} /> : (
        <>
          <Tests
            words="Of the items where"
            tests={check.where}
            onChange={(where) => onChange({ ...check, where })}
          />
          {(check.expect === "each" || check.expect === "last") && (
            <Tests
              words="This must be so"
              tests={check.must}
              least={1}
              onChange={(must) => onChange({ ...check, must })}
            />
          )}
        </>
      )}
    </div>
  );
}

function withExpectation(check: RuleCheck, expect: Expectation): RuleCheck {
  const menu = check.expect === "version" ? "/ip/service" : check.menu;
  const where = check.expect === "version" ? [] : check.where;
  const must = check.expect === "each" || check.expect === "last" ? check.must : [NEW_TEST];
  const base = { menu, where, ...(check.versions && { versions: check.versions }) };
  switch (expect) {
    case "version":
      return { expect, atLeast: { 6: "6.49.18", 7: "7.18" } };
    case "count":
      return { ...base, expect, min: 0, max: 1 };
    case "each":
    case "last":
      return { ...base, expect, must };
    case "some":
    case "none":
      return { ...base, expect };
  }
}

function Tests({ words, tests, least = 0, onChange }: {
  words: string;
  tests: readonly RuleTest[];
  least?: number;
  onChange: (tests: RuleTest[]) => void;
}) {
  return (
    <div class="mt-3 grid gap-2" role="group" aria-label={words}>
      <p class="text-sm text-text-2">{tests.length === 0 ? "Of all items" : words}</p>
      {tests.map((test, at) => (
        <TestFields
          key={at}
          test={test}
          onChange={(next) => onChange(tests.with(at, next))}
          {...(tests.length > least && { onRemove: () => onChange(tests.toSpliced(at, 1)) })}
        />
      ))}
      <button
        type="button"
        class="justify-self-start text-sm text-accent underline"
        disabled={tests.length >= 20}
        onClick={() => onChange([...tests, NEW_TEST])}
      >
        {least === 0 && tests.length === 0 ? "Only some of them" : "And"}
      </button>
    </div>
  );
}

function Bounds({ check, onChange }: {
  check: Extract<RuleCheck, { expect: "count" }>;
  onChange: (check: RuleCheck) => void;
}) {
  return (
    <>
      <label class="w-20">
        <span class="block text-sm text-text-2">From</span>
        <input
          type="number"
          class="field"
          min={0}
          value={check.min}
          onInput={(event) =>
            onChange({ ...check, min: Math.max(0, event.currentTarget.valueAsNumber || 0) })}
        />
      </label>
      <label class="w-20">
        <span class="block text-sm text-text-2">To</span>
        <input
          type="number"
          class="field"
          min={0}
          value={check.max ?? ""}
          onInput={(event) => {
            const max = event.currentTarget.valueAsNumber;
            onChange({ ...check, max: Number.isNaN(max) ? null : max });
          }}
        />
      </label>
    </>
  );
}

const VERSION = "\\d{1,2}(\\.\\d{1,3}){0,2}";

function Versions({ check, onChange }: {
  check: RuleCheck;
  onChange: (check: RuleCheck) => void;
}) {
  const put = (name: "from" | "before", value: string) => {
    const { versions, ...rest } = check;
    const next = { ...versions, [name]: value.trim() || undefined };
    const kept = Object.fromEntries(Object.entries(next).filter(([, one]) => one));
    onChange(
      (Object.keys(kept).length > 0 ? { ...rest, versions: kept } : rest) as RuleCheck,
    );
  };
  return (
    <>
      {(["from", "before"] as const).map((name) => (
        <label key={name} class="w-28">
          <span class="block text-sm text-text-2">
            {name === "from" ? "From RouterOS" : "Before"}
          </span>
          <input
            class="field mono"
            placeholder="any"
            pattern={VERSION}
            value={check.versions?.[name] ?? ""}
            onInput={(event) => put(name, event.currentTarget.value)}
          />
        </label>
      ))}
    </>
  );
}

function AtLeast({ check, onChange }: {
  check: Extract<RuleCheck, { expect: "version" }>;
  onChange: (check: RuleCheck) => void;
}) {
  return (
    <div class="mt-3 flex flex-wrap gap-2">
      {["6", "7"].map((major) => (
        <label key={major} class="w-40">
          <span class="block text-sm text-text-2">Of RouterOS {major}</span>
          <input
            class="field mono"
            placeholder="not asked"
            pattern={VERSION}
            value={check.atLeast[major] ?? ""}
            onInput={(event) => {
              const { [major]: _, ...others } = check.atLeast;
              const value = event.currentTarget.value.trim();
              onChange({ ...check, atLeast: value ? { ...others, [major]: value } : others });
            }}
          />
        </label>
      ))}
    </div>
  );
}
