import type { RuleBody, RuleCheck, RuleTest } from "./compliance_rules.ts";

/** `telnet, ftp or www`. */
function list(values: readonly string[], last: string): string {
  const shown = values.map(quoted);
  return shown.length < 2
    ? shown.join("")
    : `${shown.slice(0, -1).join(", ")} ${last} ${shown.at(-1)}`;
}

function quoted(value: string): string {
  return value === "" ? "empty" : /^[\w.:/!*-]+$/.test(value) ? value : `"${value}"`;
}

/** One condition as a person says it: `disabled is yes`. */
export function testInWords(test: RuleTest): string {
  const { attribute } = test;
  switch (test.is) {
    case "equal":
      return `${attribute} is ${quoted(test.value)}`;
    case "not_equal":
      return `${attribute} is not ${quoted(test.value)}`;
    case "one_of":
      return `${attribute} is ${list(test.values, "or")}`;
    case "none_of":
      return test.values.length === 1
        ? `${attribute} is not ${quoted(test.values[0]!)}`
        : `${attribute} is neither ${list(test.values, "nor")}`;
    case "set":
      return `${attribute} is set`;
    case "unset":
      return `${attribute} is not set`;
    case "has":
      return `${attribute} has ${quoted(test.value)}`;
    case "lacks":
      return `${attribute} does not have ${quoted(test.value)}`;
    case "like":
      return `${attribute} is like ${quoted(test.pattern)}`;
    case "unlike":
      return `${attribute} is not like ${quoted(test.pattern)}`;
    case "between":
      return test.min === null
        ? `${attribute} is at most ${test.max}`
        : test.max === null
        ? `${attribute} is at least ${test.min}`
        : `${attribute} is from ${test.min} to ${test.max}`;
    case "longer":
      return `${attribute} has at least ${test.min} characters`;
    case "differs":
      return `${attribute} is not the same as ${test.other}`;
    case "restricted":
      return `${attribute} names networks, and not the whole internet`;
    case "names":
      return `${attribute} is the ${test.key} of an item of ${test.menu}` +
        (test.where.length > 0 ? ` where ${all(test.where)}` : "");
    case "only":
      return `it has no attributes but ${list(test.names, "and")}`;
  }
}

const all = (tests: readonly RuleTest[]) => tests.map(testInWords).join(" and ");

/** One check as a sentence without its full stop. */
export function checkInWords(check: RuleCheck): string {
  const { from, before } = check.versions ?? {};
  const bounds = [from && `from RouterOS ${from}`, before && `before RouterOS ${before}`];
  const when = bounds.filter(Boolean).join(", ");
  const where = when === "" ? "" : ` (${when})`;
  if (check.expect === "version") {
    const versions = Object.entries(check.atLeast).map(([, version]) => version);
    return `RouterOS is at least ${list(versions, "or")}${where}`;
  }
  const fitting = check.where.length > 0 ? ` where ${all(check.where)}` : "";
  switch (check.expect) {
    case "some":
      return `${check.menu} has an item${fitting}${where}`;
    case "none":
      return `${check.menu} has no item${fitting}${where}`;
    case "each":
      return `In ${check.menu} every item${fitting}: ${all(check.must)}${where}`;
    case "last":
      return `In ${check.menu} the last item${fitting}: ${all(check.must)}${where}`;
    case "count": {
      const { min, max } = check;
      const many = max === null
        ? `at least ${min}`
        : min === 0
        ? `at most ${max}`
        : `${min} to ${max}`;
      return `${check.menu} has ${many} items${fitting}${where}`;
    }
  }
}

/** How the checks of a rule belong together. */
export function needInWords({ need, checks }: Pick<RuleBody, "need" | "checks">): string {
  if (checks.length === 1) return "This must hold";
  return need === "all" ? "All of these must hold" : "One of these must hold";
}
