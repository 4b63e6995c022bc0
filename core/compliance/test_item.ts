import type { RuleTest } from "@/core/contract/compliance_rules.ts";
import { isLike } from "@/core/config_view/is_like.ts";
import type { ConfigItem, ConfigView } from "@/core/config_view/config_view.ts";

/** `undefined`: it cannot be told, as an attribute is left out and its default is not known. */
export type Verdict = boolean | undefined;

/** All of them; what cannot be told matters only where nothing else decides. */
export function fitsAll(view: ConfigView, item: ConfigItem, tests: readonly RuleTest[]): Verdict {
  let verdict: Verdict = true;
  for (const test of tests) {
    const one = testItem(view, item, test);
    if (one === false) return false;
    verdict &&= one;
  }
  return verdict;
}

export function testItem(view: ConfigView, item: ConfigItem, test: RuleTest): Verdict {
  if (test.is === "only") {
    const allowed = new Set([...test.names, "comment", "disabled", "log", "log-prefix"]);
    return [...item.said].every(([name, value]) => value === "" || allowed.has(name));
  }
  const value = view.valueOf(item, test.attribute, test.absent);
  if (value === undefined) return undefined;
  switch (test.is) {
    case "equal":
      return value === test.value;
    case "not_equal":
      return value !== test.value;
    case "one_of":
      return test.values.includes(value);
    case "none_of":
      return !test.values.includes(value);
    case "set":
      return value !== "";
    case "unset":
      return value === "";
    case "has":
      return listOf(value).includes(test.value);
    case "lacks":
      return !listOf(value).includes(test.value);
    case "like":
      return isLike(value, test.pattern);
    case "unlike":
      return !isLike(value, test.pattern);
    case "between": {
      const number = /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
      return number !== undefined && number >= (test.min ?? -Infinity) &&
        number <= (test.max ?? Infinity);
    }
    case "longer":
      return [...value].length >= test.min;
    case "differs": {
      const other = view.valueOf(item, test.other);
      return other === undefined ? undefined : value !== other;
    }
    case "restricted":
      return isRestricted(value);
    case "names":
      return namesItem(view, value, test);
  }
}

const listOf = (value: string) => value.split(",").map((one) => one.trim());
const WHOLE = new Set(["0.0.0.0/0", "::/0", "0.0.0.0", "::", "0.0.0.0-255.255.255.255"]);

function isRestricted(value: string): boolean {
  const networks = listOf(value).filter(Boolean);
  return networks.length > 0 && !networks.some((network) => WHOLE.has(network));
}

function namesItem(
  view: ConfigView,
  value: string,
  { menu, key, where }: Extract<RuleTest, { is: "names" }>,
): Verdict {
  if (view.unreadable(menu)) return undefined;
  let verdict: Verdict = false;
  for (const item of view.items(menu)) {
    if (view.valueOf(item, key) !== value) continue;
    const fits = fitsAll(view, item, where);
    if (fits) return true;
    if (fits === undefined) verdict = undefined;
  }
  return verdict;
}
