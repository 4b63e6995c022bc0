import { z } from "zod";
import { DeviceStatus } from "./device.ts";
import { LinkState } from "./topology.ts";

export const MAP_STATUSES = [...DeviceStatus.options, "disabled"] as const;
export type MapStatus = typeof MAP_STATUSES[number];

const Counts = z.record(z.enum(MAP_STATUSES), z.int());
export type StatusCounts = Record<MapStatus, number>;

/** A site with coordinates, and all routers that stand there or below it without others of their own. */
export const MapPlace = z.object({
  siteId: z.uuid(),
  name: z.string(),
  path: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  counts: Counts,
});
export type MapPlace = z.infer<typeof MapPlace>;

/** All links between two places. */
export const MapLink = z.object({
  /** Site ids. */
  a: z.uuid(),
  b: z.uuid(),
  links: z.int(),
  state: LinkState,
  utilisationPercent: z.number().nullable(),
});
export type MapLink = z.infer<typeof MapLink>;

/** Where an antenna of a place looks. */
export const MapSector = z.object({
  id: z.uuid(),
  /** Of the place. */
  siteId: z.uuid(),
  name: z.string(),
  azimuth: z.int(),
  /** `null`: not known. */
  beamwidth: z.int().nullable(),
  devices: z.int(),
  offline: z.int(),
});
export type MapSector = z.infer<typeof MapSector>;

export const FleetMap = z.object({
  places: z.array(MapPlace),
  links: z.array(MapLink),
  sectors: z.array(MapSector),
  /** Sites that stand nowhere: neither they nor a site above have coordinates. */
  unplaced: z.array(z.object({ siteId: z.uuid(), path: z.string(), devices: z.int() })),
  /** Routers on no site. */
  withoutSite: z.int(),
});
export type FleetMap = z.infer<typeof FleetMap>;

/** The routers of one place, the worst first. */
export const PlaceRouters = z.object({
  items: z.array(z.object({ id: z.uuid(), name: z.string(), status: z.enum(MAP_STATUSES) })),
  total: z.int(),
});
export type PlaceRouters = z.infer<typeof PlaceRouters>;
