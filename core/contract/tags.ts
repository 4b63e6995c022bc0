import { z } from "zod";

/** Names, not values: the stylesheet knows what each looks like, by day and by night. */
export const TAG_COLORS = [
  ...["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"] as const,
];
export const TagColor = z.enum(TAG_COLORS);
export type TagColor = z.infer<typeof TagColor>;

export const MAX_TAGS = 500;
export const MAX_TAGS_OF_DEVICE = 20;

/** Signs that separate names in lists, or end them in the query language. */
const SEPARATORS = /[",;|\p{Cc}]/u;

export const TagName = z.string().trim().min(1).max(50)
  .refine((name) => !SEPARATORS.test(name), 'must not contain " , ; or |');

/** The names in a list that somebody typed or a cell of a table holds. */
export function tagNames(text: string): string[] {
  const names = text.split(/[,;|]/).map((name) => name.trim()).filter((name) => name !== "");
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

export const TagNames = z.array(TagName).max(MAX_TAGS_OF_DEVICE);

export const NewTag = z.strictObject({ name: TagName, color: TagColor.default("gray") });
export type NewTag = z.input<typeof NewTag>;
/** Absent: unchanged. */
export const TagPatch = z.strictObject({ name: TagName, color: TagColor }).partial();
export type TagPatch = z.infer<typeof TagPatch>;

/** As a router shows it. */
export const TagChip = z.object({ id: z.uuid(), name: z.string(), color: TagColor });
export type TagChip = z.infer<typeof TagChip>;

export const Tag = TagChip.extend({
  /** Routers that have it, without retired ones. */
  devices: z.int(),
});
export type Tag = z.infer<typeof Tag>;
