import { z } from "zod";

export const MAX_SECTORS_OF_SITE = 64;

const fields = {
  name: z.string().trim().min(1).max(100).refine((name) => !/["\p{Cc}]/u.test(name), {
    message: 'must not contain "',
  }),
  /** Where it looks: degrees clockwise from north. */
  azimuth: z.int().min(0).max(359),
  /** Degrees across; `null`: not known. */
  beamwidth: z.int().min(1).max(360).nullable(),
};
export const NewSector = z.strictObject({ ...fields, beamwidth: fields.beamwidth.default(null) });
export type NewSector = z.input<typeof NewSector>;
/** Absent: unchanged. */
export const SectorPatch = z.strictObject(fields).partial();
export type SectorPatch = z.infer<typeof SectorPatch>;

export const Sector = z.object({
  ...fields,
  id: z.uuid(),
  siteId: z.uuid(),
  /** Of its site, names from the top down. */
  site: z.string(),
  /** Of its site; `null` where nobody gave them. */
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  /** Routers that stand on it, without retired ones. */
  devices: z.int(),
  online: z.int(),
  offline: z.int(),
});
export type Sector = z.infer<typeof Sector>;

const POINTS = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

/** "NE" for 45: how people say where an antenna looks. */
export function compassPoint(azimuth: number): string {
  return POINTS[Math.round(azimuth / 45) % 8]!;
}
