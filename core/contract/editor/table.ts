import { z } from "zod";
import { MenuPath } from "../config_commands.ts";

/** One item of a menu as the router holds it now. */
export const EditorItem = z.object({
  /** `null`: the one item of a menu such as `/system/identity`. */
  id: z.string().nullable(),
  /** Everything the router tells of it, its state among it. */
  values: z.record(z.string(), z.string()),
  /** Names of `values` that are hidden, in whole or in part. */
  secrets: z.array(z.string()),
});
export type EditorItem = z.infer<typeof EditorItem>;

/** An attribute that can be written in a menu, as far as RouterOS tells of it. */
export const EditorArgument = z.object({
  name: z.string(),
  /** `time`, `ip`, `mac`, `0..255`, `a|b|c`, `a|b|c,` (several); absent: anything. */
  hint: z.string().optional(),
});
export type EditorArgument = z.infer<typeof EditorArgument>;

/** A menu of a router, read just now. */
export const EditorTable = z.object({
  menu: z.string(),
  readAt: z.iso.datetime(),
  isSingle: z.boolean(),
  items: z.array(EditorItem),
  /** How many there are; more than `items` where they were too many to read. */
  total: z.number(),
  /** Why these are not all, in words. */
  note: z.string().nullable(),
  /** `add`, `set`, `remove`, `move`, `unset` …; `null`: it is not known. */
  verbs: z.array(z.string()).nullable(),
  arguments: z.array(EditorArgument),
  /** Whether secrets stand in it. */
  isRevealed: z.boolean(),
});
export type EditorTable = z.infer<typeof EditorTable>;

/** A menu that has not been read, and why. */
export const EditorTableProblem = z.object({ menu: z.string(), problem: z.string() });

export const EditorTables = z.object({
  items: z.array(z.union([EditorTable, EditorTableProblem])),
});
export type EditorTables = z.infer<typeof EditorTables>;

/** `/ip/address,/ip/route`: at most twenty at once. */
export const MenuList = z.string().max(2_000)
  .transform((text) => text.split(","))
  .pipe(z.array(MenuPath).min(1).max(20));

/** A menu that routers of a version have. */
export const EditorMenu = z.object({ path: z.string(), isSingle: z.boolean() });
export type EditorMenu = z.infer<typeof EditorMenu>;

/** What people may be offered where a value names something. */
export const EditorValues = z.object({
  items: z.array(z.string()),
  isCut: z.boolean(),
});
export type EditorValues = z.infer<typeof EditorValues>;

/** Stands where a secret is. */
export const HIDDEN = "********";
