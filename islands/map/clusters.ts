import Supercluster from "supercluster";
import type { MapPlace, MapStatus, StatusCounts } from "@/core/contract/map.ts";

/** Sites closer than this on the screen become one mark. */
const RADIUS_PX = 60;
/** Beyond every zoom there is: sites at the very same place stay one mark. */
const MAX_ZOOM = 24;

export interface Mark {
  latitude: number;
  longitude: number;
  counts: StatusCounts;
  /** All it stands for; one for a single site. */
  places: MapPlace[];
  /** Where a mark of several falls apart; absent for one site. */
  expandsAt?: number;
}

interface Properties {
  place: MapPlace;
}

/** Sites near each other as one mark, with the routers of all. */
export class Clusters {
  readonly #index = new Supercluster<Properties, StatusCounts>({
    radius: RADIUS_PX,
    extent: 256,
    maxZoom: MAX_ZOOM,
    map: ({ place }) => ({ ...place.counts as StatusCounts }),
    reduce: (sum, counts) => {
      for (const status of Object.keys(counts) as MapStatus[]) {
        if (typeof counts[status] === "number") sum[status] = (sum[status] ?? 0) + counts[status];
      }
    },
  });

  constructor(places: readonly MapPlace[]) {
    this.#index.load(places.map((place) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: [place.longitude, place.latitude] },
      properties: { place },
    })));
  }

  marks(
    { west, south, east, north }: { west: number; south: number; east: number; north: number },
    zoom: number,
  ): Mark[] {
    return this.#index.getClusters([west, south, east, north], zoom).map((feature): Mark => {
      const [longitude, latitude] = feature.geometry.coordinates as [number, number];
      const { properties } = feature;
      if (!("cluster" in properties && properties.cluster)) {
        const { place } = properties as Properties;
        return { latitude, longitude, counts: place.counts as StatusCounts, places: [place] };
      }
      const id = properties.cluster_id;
      const leaves = this.#index.getLeaves(id, Infinity) as { properties: Properties }[];
      return {
        ...{ latitude, longitude, counts: properties as unknown as StatusCounts },
        places: leaves.map(({ properties }) => properties.place),
        expandsAt: this.#index.getClusterExpansionZoom(id),
      };
    });
  }
}

export function totalOf(counts: Partial<StatusCounts>): number {
  const statuses = ["online", "offline", "unknown", "pending", "disabled"] as const;
  return statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}

/** The worst that is true of its routers is what a mark shows. */
export function worstOf(counts: Partial<StatusCounts>): MapStatus | undefined {
  const worstFirst = ["offline", "unknown", "pending", "online", "disabled"] as const;
  return worstFirst.find((status) => (counts[status] ?? 0) > 0);
}
