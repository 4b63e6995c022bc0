import { z } from "zod";
import { FixStep, RuleBody, RuleSeverity } from "./compliance_rules.ts";

export const RULE_RESULTS = ["pass", "fail", "not_applicable", "unknown", "exception"] as const;
export const RuleResult = z.enum(RULE_RESULTS);
export type RuleResult = z.infer<typeof RuleResult>;

/** What speaks against a router; secrets are hidden. */
export const RuleEvidence = z.object({
  menu: z.string().nullable(),
  /** Of the export; `null`: no line is about it. */
  line: z.int().nullable(),
  item: z.string().nullable(),
  message: z.string(),
});
export type RuleEvidence = z.infer<typeof RuleEvidence>;

const Counts = z.object({
  pass: z.int(),
  fail: z.int(),
  not_applicable: z.int(),
  unknown: z.int(),
  exception: z.int(),
});

export const ComplianceRule = z.object({
  id: z.uuid(),
  /** Of the starter library; `null`: somebody's own. */
  libraryKey: z.string().nullable(),
  /** Edited, a rule of the library no longer follows it. */
  isEdited: z.boolean(),
  title: z.string(),
  severity: RuleSeverity,
  help: z.string(),
  body: RuleBody,
  fix: z.array(FixStep),
  /** Policies that have it; in none, no router is asked. */
  policies: z.int(),
  /** Routers by result. */
  counts: Counts,
  updatedAt: z.iso.datetime(),
});
export type ComplianceRule = z.infer<typeof ComplianceRule>;

export const MAX_POLICIES = 50;
const ids = z.array(z.uuid()).max(200);
const policyFields = {
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(1_000).nullable(),
  isEnabled: z.boolean(),
  /** Every router; else those of its groups, with its tags, or at its sites and below. */
  isForAll: z.boolean(),
  groupIds: ids,
  tagIds: ids,
  siteIds: ids,
  ruleIds: ids,
};
export const NewPolicy = z.strictObject({
  ...policyFields,
  description: policyFields.description.default(null),
  isEnabled: policyFields.isEnabled.default(true),
  isForAll: policyFields.isForAll.default(false),
  groupIds: ids.default([]),
  tagIds: ids.default([]),
  siteIds: ids.default([]),
  ruleIds: ids.default([]),
});
export type NewPolicy = z.input<typeof NewPolicy>;
export const PolicyPatch = z.strictObject(policyFields).partial();
export type PolicyPatch = z.infer<typeof PolicyPatch>;
export const CompliancePolicy = z.object({ ...policyFields, id: z.uuid() });
export type CompliancePolicy = z.infer<typeof CompliancePolicy>;

export const NewException = z.strictObject({
  ruleId: z.uuid(),
  /** One of the three. A site stands for all below it. */
  deviceId: z.uuid().nullable().default(null),
  siteId: z.uuid().nullable().default(null),
  tagId: z.uuid().nullable().default(null),
  reason: z.string().trim().min(3).max(1_000),
  /** `null`: until somebody removes it. */
  expiresAt: z.iso.datetime().nullable(),
}).refine(
  ({ deviceId, siteId, tagId }) => [deviceId, siteId, tagId].filter(Boolean).length === 1,
  { message: "must name one router, site or tag", path: ["deviceId"] },
);
export type NewException = z.input<typeof NewException>;

export const ComplianceException = z.object({
  id: z.uuid(),
  ruleId: z.uuid(),
  ruleTitle: z.string(),
  deviceId: z.uuid().nullable(),
  siteId: z.uuid().nullable(),
  tagId: z.uuid().nullable(),
  /** What the router, site or tag is called. */
  target: z.string(),
  reason: z.string(),
  createdBy: z.string(),
  createdByName: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  isExpired: z.boolean(),
});
export type ComplianceException = z.infer<typeof ComplianceException>;

/** A score is null where no rule was asked. */
const score = z.number().min(0).max(100).nullable();

export const RouterScore = z.object({
  deviceId: z.uuid(),
  deviceName: z.string(),
  site: z.string().nullable(),
  score,
  failed: z.int(),
  failedHard: z.int(),
  unknown: z.int(),
  excepted: z.int(),
  drifted: z.int(),
  /** `null`: not looked at yet. */
  checkedAt: z.iso.datetime().nullable(),
  hasBackup: z.boolean(),
});
export type RouterScore = z.infer<typeof RouterScore>;

export const ROUTER_FILTERS = ["all", "failing", "drifted", "unrated"] as const;
export const RouterFilter = z.enum(ROUTER_FILTERS);
export type RouterFilter = z.infer<typeof RouterFilter>;

export const RouterScores = z.object({
  items: z.array(RouterScore),
  nextCursor: z.string().nullable(),
  counts: z.object({
    all: z.int(),
    failing: z.int(),
    drifted: z.int(),
    unrated: z.int(),
  }),
});
export type RouterScores = z.infer<typeof RouterScores>;

export const WorstRule = z.object({
  id: z.uuid(),
  title: z.string(),
  severity: RuleSeverity,
  failing: z.int(),
  asked: z.int(),
});
export const ScoreDay = z.object({
  day: z.iso.date(),
  score,
  failing: z.int(),
  drifted: z.int(),
});
export const SiteScore = z.object({
  siteId: z.uuid().nullable(),
  site: z.string().nullable(),
  score,
  devices: z.int(),
  failing: z.int(),
});
export const ComplianceOverview = z.object({
  score,
  devices: z.int(),
  /** Routers that were looked at and of which something could be said. */
  rated: z.int(),
  failing: z.int(),
  failingHard: z.int(),
  drifted: z.int(),
  /** Failed rules on routers, by severity. */
  failures: z.object({ critical: z.int(), high: z.int(), medium: z.int(), low: z.int() }),
  worstRules: z.array(WorstRule),
  sites: z.array(SiteScore),
  /** Oldest first; days on which nothing was noted are not in it. */
  days: z.array(ScoreDay),
  /** Exceptions in force, and those that end within a fortnight. */
  exceptions: z.int(),
  endingExceptions: z.int(),
});
export type ComplianceOverview = z.infer<typeof ComplianceOverview>;

export const DeviceRuleResult = z.object({
  ruleId: z.uuid(),
  title: z.string(),
  severity: RuleSeverity,
  help: z.string(),
  hasFix: z.boolean(),
  result: RuleResult,
  since: z.iso.datetime(),
  evidence: z.array(RuleEvidence),
  exception: ComplianceException.pick({
    id: true,
    reason: true,
    expiresAt: true,
    createdByName: true,
  }).nullable(),
});
export type DeviceRuleResult = z.infer<typeof DeviceRuleResult>;

export const DeviceCompliance = z.object({
  ...RouterScore.shape,
  passed: z.int(),
  /** The version that was looked at, and when it was read; `null`: there is no whole backup. */
  versionId: z.uuid().nullable(),
  versionAt: z.iso.datetime().nullable(),
  rules: z.array(DeviceRuleResult),
});
export type DeviceCompliance = z.infer<typeof DeviceCompliance>;

/** A router that a rule was asked of. */
export const RuleRouter = z.object({
  deviceId: z.uuid(),
  deviceName: z.string(),
  result: RuleResult,
  since: z.iso.datetime(),
  evidence: z.array(RuleEvidence),
});
export type RuleRouter = z.infer<typeof RuleRouter>;
export const RuleRouters = z.object({
  items: z.array(RuleRouter),
  nextCursor: z.string().nullable(),
});
export type RuleRouters = z.infer<typeof RuleRouters>;

/** What a rule says of one router's configuration as it was kept last, without anything being stored. */
export const RuleTrial = z.object({
  result: RuleResult,
  evidence: z.array(RuleEvidence),
});
export type RuleTrial = z.infer<typeof RuleTrial>;
