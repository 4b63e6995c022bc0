import { z } from "zod";
import { ConfigCommand, MenuPath } from "./config_commands.ts";

/*
 * The language of compliance rules: data without logic, so that a rule can be shown in words, edited
 * in a form, and evaluated ten thousand times without anything of a tenant running on the server.
 */

const AttributeName = z.string().min(1).max(80).regex(/^[a-z0-9.][a-z0-9.-]*$/);
const Value = z.string().max(500);
const Version = z.string().max(20).regex(/^\d{1,2}(\.\d{1,3}){0,2}$/);

/** What an attribute that an export leaves out stands for, where the product does not know it. */
const absent = Value.optional();
const on = { attribute: AttributeName, absent };

const plainTest = z.discriminatedUnion("is", [
  z.strictObject({ ...on, is: z.literal("equal"), value: Value }),
  z.strictObject({ ...on, is: z.literal("not_equal"), value: Value }),
  z.strictObject({ ...on, is: z.literal("one_of"), values: z.array(Value).min(1).max(50) }),
  z.strictObject({ ...on, is: z.literal("none_of"), values: z.array(Value).min(1).max(50) }),
  z.strictObject({ ...on, is: z.literal("set") }),
  z.strictObject({ ...on, is: z.literal("unset") }),
  /** An element of a list with commas. */
  z.strictObject({ ...on, is: z.literal("has"), value: Value }),
  z.strictObject({ ...on, is: z.literal("lacks"), value: Value }),
  /** `*` stands for anything, `?` for one character. */
  z.strictObject({ ...on, is: z.literal("like"), pattern: Value }),
  z.strictObject({ ...on, is: z.literal("unlike"), pattern: Value }),
  z.strictObject({
    ...{ ...on, is: z.literal("between") },
    ...{ min: z.number().nullable(), max: z.number().nullable() },
  }),
  z.strictObject({ ...on, is: z.literal("longer"), min: z.number().int().min(1).max(500) }),
  /** Not the same as another attribute of the item. */
  z.strictObject({ ...on, is: z.literal("differs"), other: AttributeName }),
  /** Networks are given, and none of them is the whole of IPv4 or IPv6. */
  z.strictObject({ ...on, is: z.literal("restricted") }),
]);

export const RuleTest = z.union([
  plainTest,
  /** The value is the `key` of an item of another menu that fits `where`. */
  z.strictObject({
    ...{ ...on, is: z.literal("names"), menu: MenuPath, key: AttributeName },
    where: z.array(plainTest).max(10),
  }),
  /** The item says nothing but these attributes: a firewall rule with these matchers alone. */
  z.strictObject({
    ...{ attribute: z.literal("*"), absent, is: z.literal("only") },
    names: z.array(AttributeName).min(1).max(50),
  }),
]);
export type RuleTest = z.infer<typeof RuleTest>;

const tests = z.array(RuleTest).max(20);
/** The versions a check is for: from the first, up to but without the second. */
const versions = z.strictObject({ from: Version.optional(), before: Version.optional() })
  .optional();
const of = { menu: MenuPath, versions, where: tests };

/**
 * What is expected of a menu. Items that are disabled do not count, unless a test asks for `disabled`
 * itself.
 */
export const RuleCheck = z.discriminatedUnion("expect", [
  z.strictObject({ ...of, expect: z.literal("some") }),
  z.strictObject({ ...of, expect: z.literal("none") }),
  z.strictObject({ ...of, expect: z.literal("each"), must: tests.min(1) }),
  /** The last that fits `where`, as the order of a firewall decides. */
  z.strictObject({ ...of, expect: z.literal("last"), must: tests.min(1) }),
  z.strictObject({
    ...{ ...of, expect: z.literal("count") },
    ...{ min: z.number().int().min(0), max: z.number().int().min(0).nullable() },
  }),
  /** RouterOS itself, by major version; a major without an entry is not asked. */
  z.strictObject({
    ...{ expect: z.literal("version"), versions },
    atLeast: z.record(z.string().regex(/^\d{1,2}$/), Version),
  }),
]);
export type RuleCheck = z.infer<typeof RuleCheck>;

const checks = z.array(RuleCheck).min(1).max(20);
export const RuleBody = z.strictObject({
  /** Whether the rule is about a router at all; `null`: about every one. */
  when: z.strictObject({ need: z.enum(["all", "any"]), checks }).nullable(),
  need: z.enum(["all", "any"]),
  checks,
});
export type RuleBody = z.infer<typeof RuleBody>;

/** One step of setting right what a rule found: a command, or what is done to each item that fails. */
export const FixStep = z.union([
  ConfigCommand,
  z.strictObject({
    /** Items of this menu alone. */
    ...{ each: MenuPath, action: z.literal("set") },
    attributes: z.record(AttributeName, z.string().max(500).nullable()),
  }),
  z.strictObject({ each: MenuPath, action: z.literal("remove") }),
]);
export type FixStep = z.infer<typeof FixStep>;

export const RULE_SEVERITIES = ["critical", "high", "medium", "low"] as const;
export const RuleSeverity = z.enum(RULE_SEVERITIES);
export type RuleSeverity = z.infer<typeof RuleSeverity>;

/** What a rule weighs in a score. */
export const SEVERITY_WEIGHTS: Readonly<Record<RuleSeverity, number>> = {
  critical: 10,
  high: 5,
  medium: 2,
  low: 1,
};

export const MAX_RULES = 200;
export const RuleTitle = z.string().trim().min(1).max(120);
const fields = {
  title: RuleTitle,
  severity: RuleSeverity,
  /** Why it matters and how it is set right, in words. */
  help: z.string().trim().max(4_000),
  body: RuleBody,
  fix: z.array(FixStep).max(20),
};
export const NewRule = z.strictObject({ ...fields, fix: fields.fix.default([]) });
export type NewRule = z.input<typeof NewRule>;
export const RulePatch = z.strictObject(fields).partial();
export type RulePatch = z.infer<typeof RulePatch>;
