import { z } from "zod";

export const MAX_GROUPS = 200;
/** A rule may name groups, whose rules may name groups: as deep as this. */
export const MAX_GROUP_DEPTH = 4;
/** Members that one request adds or takes away. */
export const MAX_MEMBER_CHANGES = 1_000;

export const GroupName = z.string().trim().min(1).max(100)
  .refine((name) => !/["\p{Cc}]/u.test(name), 'must not contain "');
/** A query of the fleet: see `device_query.ts`. */
export const GroupRule = z.string().trim().min(1).max(500);

const fields = {
  name: GroupName,
  description: z.string().trim().max(1_000).nullable(),
  /** `null`: the members are chosen. */
  rule: GroupRule.nullable(),
};
export const NewGroup = z.strictObject({
  ...fields,
  description: fields.description.default(null),
  rule: fields.rule.default(null),
});
export type NewGroup = z.input<typeof NewGroup>;
/** Absent: unchanged. A rule in place of chosen members forgets them. */
export const GroupPatch = z.strictObject(fields).partial();
export type GroupPatch = z.infer<typeof GroupPatch>;

export const Group = z.object({
  ...fields,
  id: z.uuid(),
  /** Without retired ones. */
  devices: z.int(),
  online: z.int(),
  offline: z.int(),
  /** What the rule names and is not there (any more). */
  problems: z.array(z.string()),
});
export type Group = z.infer<typeof Group>;

const ids = z.array(z.uuid()).max(MAX_MEMBER_CHANGES);
export const MemberChange = z.strictObject({ add: ids.default([]), remove: ids.default([]) });
export type MemberChange = z.input<typeof MemberChange>;
