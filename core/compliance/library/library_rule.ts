import type {
  FixStep,
  RuleBody,
  RuleCheck,
  RuleSeverity,
  RuleTest,
} from "@/core/contract/compliance_rules.ts";

/** A rule that comes with the product; its key never changes. */
export interface LibraryRule {
  readonly key: string;
  /** The edition of the library it came with; absent: the first. */
  readonly since?: number;
  readonly title: string;
  readonly severity: RuleSeverity;
  readonly help: string;
  readonly body: RuleBody;
  readonly fix: FixStep[];
}

/* Short hands, so that a rule reads as what it says. */

export const is = (attribute: string, value: string): RuleTest => ({
  attribute,
  is: "equal",
  value,
});
export const isNot = (attribute: string, value: string): RuleTest => ({
  ...{ attribute, is: "not_equal", value },
});
export const oneOf = (attribute: string, ...values: string[]): RuleTest => ({
  ...{ attribute, is: "one_of", values },
});
export const noneOf = (attribute: string, ...values: string[]): RuleTest => ({
  ...{ attribute, is: "none_of", values },
});
export const has = (attribute: string, value: string): RuleTest => ({
  attribute,
  is: "has",
  value,
});
export const lacks = (attribute: string, value: string): RuleTest => ({
  ...{ attribute, is: "lacks", value },
});
export const isSet = (attribute: string): RuleTest => ({ attribute, is: "set" });
export const unset = (attribute: string): RuleTest => ({ attribute, is: "unset" });
export const restricted = (attribute: string): RuleTest => ({ attribute, is: "restricted" });

export const some = (menu: string, ...where: RuleTest[]): RuleCheck => ({
  ...{ menu, expect: "some", where },
});
export const none = (menu: string, ...where: RuleTest[]): RuleCheck => ({
  ...{ menu, expect: "none", where },
});
export const each = (menu: string, where: RuleTest[], must: RuleTest[]): RuleCheck => ({
  ...{ menu, expect: "each", where, must },
});
export const last = (menu: string, where: RuleTest[], must: RuleTest[]): RuleCheck => ({
  ...{ menu, expect: "last", where, must },
});
/** The same check, for some versions alone. */
export const since = (from: string, check: RuleCheck): RuleCheck => ({
  ...check,
  versions: { from },
});
export const until = (before: string, check: RuleCheck): RuleCheck => ({
  ...check,
  versions: { before },
});

export const all = (...checks: RuleCheck[]): RuleBody => ({ when: null, need: "all", checks });
export const any = (...checks: RuleCheck[]): RuleBody => ({ when: null, need: "any", checks });
/** Only where one of `conditions` holds. */
export const where = (conditions: RuleCheck[], body: RuleBody): RuleBody => ({
  ...body,
  when: { need: "any", checks: conditions },
});

/** A setting of a menu that has one item. */
export const put = (menu: string, attributes: Record<string, string>): FixStep => ({
  ...{ action: "set", menu, target: { by: "menu" }, attributes },
});
export const setEach = (menu: string, attributes: Record<string, string>): FixStep => ({
  ...{ each: menu, action: "set", attributes },
});
