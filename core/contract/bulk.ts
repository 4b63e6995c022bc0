import { z } from "zod";
import { SitePath } from "./sites.ts";
import { TagNames } from "./tags.ts";

/** Routers of one change. */
export const MAX_BULK = 10_000;

const Names = TagNames.default([]);

/** What is to become of every chosen router. */
export const BulkChange = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("tags"), add: Names, remove: Names }),
  z.strictObject({ action: z.literal("group"), groupId: z.uuid(), isMember: z.boolean() }),
  z.strictObject({ action: z.literal("site"), site: SitePath.nullable() }),
  z.strictObject({
    action: z.literal("region"),
    region: z.string().trim().regex(/^[a-z0-9-]{1,40}$/),
  }),
  z.strictObject({
    action: z.literal("interval"),
    /** `null`: the default. */
    pollIntervalSeconds: z.int().min(5).max(86_400).nullable(),
  }),
  z.strictObject({ action: z.literal("polling"), isEnabled: z.boolean() }),
  z.strictObject({ action: z.literal("retire") }),
  z.strictObject({ action: z.literal("restore") }),
]);
export type BulkChange = z.infer<typeof BulkChange>;

export const BulkRequest = z.strictObject({
  change: BulkChange,
  ids: z.array(z.uuid()).min(1).max(MAX_BULK).optional(),
  /** All that fit this query, instead of `ids`. */
  q: z.string().max(500).optional(),
  /** With `q`: how many were seen to fit. When others fit by now, nothing is done. */
  expected: z.int().min(1).optional(),
}).refine(({ ids, q }) => (ids === undefined) !== (q === undefined), {
  path: ["ids"],
  message: "or q: give one of them",
}).refine(({ q, expected }) => (q === undefined) === (expected === undefined), {
  path: ["expected"],
  message: "goes together with q",
});
export type BulkRequest = z.input<typeof BulkRequest>;

export const BULK_RESULTS = ["changed", "unchanged", "refused"] as const;
export const BulkResult = z.enum(BULK_RESULTS);
export type BulkResult = z.infer<typeof BulkResult>;

export const BulkSummary = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actor: z.string(),
  change: BulkChange,
  query: z.string().nullable(),
  changed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
});
export type BulkSummary = z.infer<typeof BulkSummary>;

export const BulkRow = z.object({
  position: z.int(),
  deviceId: z.uuid(),
  deviceName: z.string(),
  result: BulkResult,
  /** Why it was refused; `null` otherwise. */
  reason: z.string().nullable(),
});
export type BulkRow = z.infer<typeof BulkRow>;

/** What was asked for, in words: "Retire", "Site: North". */
export function changeInWords(change: BulkChange): string {
  switch (change.action) {
    case "tags":
      return [
        ...(change.add.length > 0 ? [`Add tags: ${change.add.join(", ")}`] : []),
        ...(change.remove.length > 0 ? [`Remove tags: ${change.remove.join(", ")}`] : []),
      ].join("; ") || "No tag";
    case "group":
      return change.isMember ? "Put into a group" : "Take out of a group";
    case "site":
      return change.site === null ? "Take off their site" : `Put on the site ${change.site}`;
    case "region":
      return `Poll from the region ${change.region}`;
    case "interval":
      return change.pollIntervalSeconds === null
        ? "Poll at the default interval"
        : `Poll every ${change.pollIntervalSeconds} s`;
    case "polling":
      return change.isEnabled ? "Poll" : "Stop polling";
    case "retire":
      return "Retire";
    case "restore":
      return "Restore";
  }
}
