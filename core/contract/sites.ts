import { z } from "zod";

/** Between the names of a path: `Vienna / North tower`. */
export const SITE_SEPARATOR = " / ";
/** A customer, its towns, its towers, their cabinets: more makes a tree nobody reads. */
export const MAX_SITE_DEPTH = 8;

export const SiteName = z.string().trim().min(1).max(200)
  .refine((name) => !name.includes(SITE_SEPARATOR), `must not contain "${SITE_SEPARATOR}"`);

/** The names of a path, from the top down. */
export function siteParts(path: string): string[] {
  return path.split(SITE_SEPARATOR).map((part) => part.trim()).filter((part) => part !== "");
}

/** How people name a site: all names from the top down. */
export const SitePath = z.string().trim().min(1).max(1_000).refine((path) => {
  const parts = siteParts(path);
  return parts.length > 0 && parts.length <= MAX_SITE_DEPTH &&
    parts.every((part) => SiteName.safeParse(part).success);
}, `must be 1 to ${MAX_SITE_DEPTH} names with "${SITE_SEPARATOR}" between them`);

/** What finds the routers of a site; of one whose path cannot be written in a query, by its id. */
export function siteFilter({ id, path }: { id: string; path: string }): string {
  return `site:"${path.includes('"') ? id : path}"`;
}

const fields = {
  name: SiteName,
  /** `null`: at the top. */
  parentId: z.uuid().nullable(),
  address: z.string().trim().max(500).nullable(),
  notes: z.string().trim().max(4_000).nullable(),
  /** Degrees, WGS 84; with longitude or not at all. */
  latitude: z.number().min(-90).max(90).nullable(),
  longitude: z.number().min(-180).max(180).nullable(),
};

export const NewSite = z.strictObject({
  ...fields,
  parentId: fields.parentId.default(null),
  address: fields.address.default(null),
  notes: fields.notes.default(null),
  latitude: fields.latitude.default(null),
  longitude: fields.longitude.default(null),
}).refine(({ latitude, longitude }) => (latitude === null) === (longitude === null), {
  path: ["longitude"],
  message: "goes together with latitude",
});
export type NewSite = z.input<typeof NewSite>;

/** Absent: unchanged. */
export const SitePatch = z.strictObject(fields).partial()
  .refine(({ latitude, longitude }) => (latitude === undefined) === (longitude === undefined), {
    path: ["longitude"],
    message: "goes together with latitude",
  })
  .refine(
    ({ latitude, longitude }) =>
      latitude === undefined || (latitude === null) === (longitude === null),
    { path: ["longitude"], message: "goes together with latitude" },
  );
export type SitePatch = z.infer<typeof SitePatch>;

export const Site = z.object({
  ...fields,
  id: z.uuid(),
  /** Names from the top down. */
  path: z.string(),
  /** 1 at the top. */
  depth: z.int(),
  /** Devices that stand right here, without those of the sites below. */
  devices: z.int(),
  online: z.int(),
  offline: z.int(),
});
export type Site = z.infer<typeof Site>;
