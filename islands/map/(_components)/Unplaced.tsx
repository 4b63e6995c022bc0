import type { FleetMap } from "@/core/contract/map.ts";

const SHOWN = 100;

/** Sites that are not on the map, and why; whoever may puts them there. */
export function Unplaced({ fleet, mayPlace, placing, onPlace }: {
  fleet: FleetMap;
  mayPlace: boolean;
  placing: string | undefined;
  onPlace: (siteId: string, name: string) => void;
}) {
  const { unplaced, withoutSite, places } = fleet;
  return (
    <aside
      class="panel grid content-start gap-3 overflow-auto p-4 lg:max-h-[calc(100dvh-12rem)]"
      aria-label="Not on the map"
    >
      <h2 class="font-semibold">Not on the map</h2>
      {unplaced.length === 0 && withoutSite === 0 && (
        <p class="text-sm text-text-2">
          {places.length === 0 ? "There is no site yet." : "Every site has its place."}
        </p>
      )}
      {unplaced.length > 0 && (
        <p class="text-sm text-text-2">
          {mayPlace
            ? "These sites have no coordinates. Choose one, then click where it stands; its sites below stand there too."
            : "These sites have no coordinates. Operators and administrators put them on the map."}
        </p>
      )}
      <ul class="grid gap-1.5">
        {unplaced.slice(0, SHOWN).map(({ siteId, path, devices }) => (
          <li key={siteId} class="flex items-center gap-2 text-sm">
            <span class="break min-w-0 flex-1">
              <bdi>{path}</bdi>
              <span class="block text-xs text-text-3">
                {devices === 1 ? "1 router" : `${devices} routers`}
              </span>
            </span>
            {mayPlace && (
              <button
                type="button"
                class="btn"
                aria-pressed={placing === siteId}
                aria-label={`Place ${path}`}
                onClick={() => onPlace(siteId, path)}
              >
                Place
              </button>
            )}
          </li>
        ))}
      </ul>
      {unplaced.length > SHOWN && (
        <p class="text-sm text-text-3">
          {`${unplaced.length - SHOWN} more: `}
          <a class="underline" href="/sites">all sites</a>
        </p>
      )}
      {withoutSite > 0 && (
        <p class="text-sm text-text-2">
          {withoutSite === 1
            ? "1 router stands on no site."
            : `${withoutSite} routers stand on no site.`}{" "}
          <a class="underline" href="/devices">Choose their site</a> where a router is edited.
        </p>
      )}
    </aside>
  );
}
