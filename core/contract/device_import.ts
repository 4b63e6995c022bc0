import { z } from "zod";
import { TlsMode } from "./device.ts";
import { SitePath } from "./sites.ts";
import { TagNames } from "./tags.ts";

/** Rows that one import takes. */
export const MAX_IMPORT_ROWS = 10_000;

/** What a row may leave out. A row's own value comes first. */
export const ImportDefaults = z.strictObject({
  username: z.string().min(1).max(200).optional(),
  password: z.string().max(1_000).optional(),
  tlsMode: TlsMode.optional(),
  region: z.string().trim().regex(/^[a-z0-9-]{1,40}$/).optional(),
  site: SitePath.optional(),
  /** Name of a credential profile; a row's own user name or password comes first. */
  profile: z.string().trim().min(1).max(100).optional(),
  /** Put on every new router, beside those that its row names. */
  tags: TagNames.optional(),
});
export type ImportDefaults = z.infer<typeof ImportDefaults>;

export const ImportRequest = z.strictObject({
  /** CSV, tab- or semicolon-separated, with a head line; or an Oxidized `router.db`. */
  text: z.string().min(1).max(8_000_000),
  defaults: ImportDefaults.default({}),
  /** Only say what would happen. */
  dryRun: z.boolean().default(false),
});
export type ImportRequest = z.input<typeof ImportRequest>;

/** `add`: would be; `present`: managed already, nothing to do; `bad`: see the reason. */
export const IMPORT_RESULTS = ["add", "added", "present", "bad"] as const;

export const ImportReport = z.object({
  dryRun: z.boolean(),
  /** What the file was taken for. */
  format: z.enum(["table", "oxidized"]),
  /** The file's columns, and what each was taken for; `null`: not used. */
  columns: z.array(z.object({ name: z.string(), field: z.string().nullable() })),
  counts: z.record(z.enum(IMPORT_RESULTS), z.int()),
  rows: z.array(z.object({
    /** In the file, from 1. */
    line: z.int(),
    address: z.string(),
    name: z.string().nullable(),
    result: z.enum(IMPORT_RESULTS),
    reason: z.string().nullable(),
  })),
});
export type ImportReport = z.infer<typeof ImportReport>;
export type ImportRow = ImportReport["rows"][number];
