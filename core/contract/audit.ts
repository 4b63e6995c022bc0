import { z } from "zod";

export const AUDIT_OUTCOMES = ["ok", "refused"] as const;

/** One act in the audit log, without its details. */
export const AuditRow = z.object({
  /** Place in the tenant's chain, from 1, without gaps. Decimal. */
  seq: z.string(),
  at: z.iso.datetime(),
  /** `user:<id>`, `key:<id>`, `system:<name>` or `anonymous`. */
  actor: z.string(),
  /** What the actor is called now; `null` when not known or forgotten. */
  actorName: z.string().nullable(),
  action: z.string(),
  targetKind: z.string().nullable(),
  targetId: z.string().nullable(),
  /** What it was called then; `null` when it has none or was erased. */
  targetLabel: z.string().nullable(),
  /** What it is called now, when it is a user or an API key that is still there. */
  targetName: z.string().nullable(),
  outcome: z.enum(AUDIT_OUTCOMES),
  ip: z.string().nullable(),
  requestId: z.string().nullable(),
  hasDetails: z.boolean(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** An act with all that is stored of it. */
export const AuditEntryView = AuditRow.extend({
  entryId: z.string(),
  /** `erased`: forgotten on purpose; `unreadable`: the tenant's key is gone. */
  detailsState: z.enum(["none", "readable", "erased", "unreadable"]),
  details: z.record(z.string(), z.unknown()).nullable(),
  prevHash: z.string(),
  hash: z.string(),
  /** Its columns, label, address and details give the hashes recorded. */
  isWhole: z.boolean(),
});
export type AuditEntryView = z.infer<typeof AuditEntryView>;

/** Where the chain ends, and what the last check of the whole found. */
export const AuditChainState = z.object({
  headSeq: z.string(),
  headHash: z.string(),
  checkedAt: z.iso.datetime().nullable(),
  checkedSeq: z.string().nullable(),
  brokenSeq: z.string().nullable(),
  brokenReason: z.string().nullable(),
});
export type AuditChainState = z.infer<typeof AuditChainState>;

export const AuditPage = z.object({
  items: z.array(AuditRow),
  nextCursor: z.string().nullable(),
  chain: AuditChainState,
});
export type AuditPage = z.infer<typeof AuditPage>;
