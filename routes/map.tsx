import { EmptyState } from "@/components/EmptyState.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { MAP_STATUSES } from "@/core/contract/map.ts";
import FleetMapView from "@/islands/map/FleetMapView.tsx";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { define } from "./define.ts";
import { may } from "./permit.ts";

export const handler = define.handlers({
  async GET({ url, state: { api, me, mapTiles } }) {
    const initial = await data(api.map.$get());
    const [latitude, longitude, zoom] = (url.searchParams.get("at") ?? "").split(",").map(Number);
    const isView = Math.abs(latitude ?? NaN) <= 90 && Math.abs(longitude ?? NaN) <= 540 &&
      Number.isInteger(zoom) && zoom! >= 1 && zoom! <= 20;
    return page({
      initial,
      tiles: mapTiles,
      view: isView ? { latitude: latitude!, longitude: longitude!, zoom: zoom! } : undefined,
      status: MAP_STATUSES.find((one) => one === url.searchParams.get("status")),
      mayPlace: may(me, "sites:write"),
    });
  },
});

export const title = "Map";

export default define.page<typeof handler>(({ data }) => {
  const { places, unplaced } = data.initial;
  return (
    <>
      <PageHeader title="Map">Sites with coordinates, and how the routers there are.</PageHeader>
      {places.length === 0 && unplaced.length === 0
        ? (
          <EmptyState
            title="No site yet"
            {...(data.mayPlace && { action: { href: "/sites", label: "Add a site" } })}
          >
            Routers stand on sites, and sites stand on the map. Begin with a site and its
            coordinates.
          </EmptyState>
        )
        : <FleetMapView {...data} />}
    </>
  );
});
