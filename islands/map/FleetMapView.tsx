import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { STATUS_LOOK } from "@/components/Status.tsx";
import { type FleetMap, MAP_STATUSES, type MapStatus } from "@/core/contract/map.ts";
import { ask } from "../ask.ts";
import { follow } from "../live.ts";
import { useChange } from "../settings/use_change.ts";
import { Unplaced } from "./(_components)/Unplaced.tsx";
import { MapView, type Tiles, type View } from "./map_view.ts";

/** A burst of changes is one look. */
const REFRESH_AFTER_MS = 1_500;

interface Placing {
  siteId: string;
  name: string;
}

/** Sites on a map with how their routers are; sites without coordinates are put there by a click. */
export default function FleetMapView({ initial, tiles, view, status: firstStatus, mayPlace }: {
  initial: FleetMap;
  tiles: Tiles | null;
  view: View | undefined;
  status: MapStatus | undefined;
  mayPlace: boolean;
}) {
  const fleet = useSignal(initial);
  const status = useSignal(firstStatus);
  const placing = useSignal<Placing | undefined>(undefined);
  const problem = useSignal("");
  const change = useChange();
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<MapView | undefined>(undefined);
  const at = useRef(view);

  async function reload() {
    const answer = await ask("/api/map").catch(() => undefined);
    if (answer?.ok) fleet.value = await answer.json();
  }

  function remember() {
    const address = new URLSearchParams({
      ...(status.value && { status: status.value }),
      ...(at.current && {
        at: `${at.current.latitude.toFixed(5)},${
          at.current.longitude.toFixed(5)
        },${at.current.zoom}`,
      }),
    });
    history.replaceState(null, "", address.size > 0 ? `?${address}` : location.pathname);
  }

  async function place(latitude: number, longitude: number) {
    const site = placing.value;
    if (!site || change.isBusy.value) return;
    const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
    const body = { latitude: round(latitude), longitude: round(longitude) };
    if (!await change.run("PATCH", `/api/sites/${site.siteId}`, body)) return;
    placing.value = undefined;
    await reload();
  }

  useEffect(() => {
    let isGone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    void import("leaflet").then((leaflet) => {
      if (isGone) return;
      map.current = new MapView(leaflet, box.current!, {
        ...{ tiles, view, mayMove: mayPlace },
        onView: (view) => {
          at.current = view;
          remember();
        },
        onClick: (latitude, longitude) => void place(latitude, longitude),
        onMove: ({ siteId, path }) => {
          map.current?.closePopup();
          placing.value = { siteId, name: path };
        },
        readRouters: async (siteId) => {
          const answer = await ask(`/api/map/places/${siteId}`);
          if (!answer.ok) throw new Error(String(answer.status));
          return await answer.json();
        },
      });
      map.current.show(fleet.value, status.value);
    }).catch(() => problem.value = "The map could not be loaded: reload the page.");
    const refresh = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void reload(), REFRESH_AFTER_MS);
    };
    const stop = follow({
      event: ({ kind }) => kind.startsWith("device.") && refresh(),
      reset: refresh,
    });
    return () => {
      isGone = true;
      clearTimeout(timer);
      stop();
      map.current?.[Symbol.dispose]();
    };
  }, []);

  useEffect(() => map.current?.show(fleet.value, status.value), [fleet.value, status.value]);

  useEffect(() => {
    const cancel = ({ key }: KeyboardEvent) => {
      if (key === "Escape") placing.value = undefined;
    };
    addEventListener("keydown", cancel);
    return () => removeEventListener("keydown", cancel);
  }, []);

  const wrong = problem.value || change.problem.value;
  return (
    <>
      <div class="mb-3 flex flex-wrap items-center gap-2">
        <select
          class="field w-auto"
          aria-label="Status"
          value={status.value ?? ""}
          onChange={(event) => {
            const { value } = event.currentTarget;
            status.value = MAP_STATUSES.find((one) => one === value);
            remember();
          }}
        >
          <option value="">Any status</option>
          {MAP_STATUSES.map((one) => <option key={one} value={one}>{STATUS_LOOK[one].word}
          </option>)}
        </select>
        <button type="button" class="btn" onClick={() => map.current?.fit()}>Show all</button>
        <p class="text-sm text-text-3">
          A mark shows the worst status and how many routers have it.
        </p>
      </div>
      {wrong && <p class="break mb-2 text-bad" role="alert">{wrong}</p>}
      {placing.value && (
        <div class="panel mb-3 flex flex-wrap items-center gap-3 p-3" role="status">
          <p class="break">
            Click on the map where <bdi class="font-medium">{placing.value.name}</bdi> stands.
          </p>
          <button
            type="button"
            class="btn"
            disabled={change.isBusy.value}
            onClick={() => {
              const { latitude, longitude } = map.current!.centre();
              void place(latitude, longitude);
            }}
          >
            Put it in the middle of the map
          </button>
          <button type="button" class="btn" onClick={() => placing.value = undefined}>
            Cancel
          </button>
        </div>
      )}
      <div class="grid gap-3 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <div class="panel relative isolate overflow-hidden">
          <div
            ref={box}
            class={`fleet-map h-[62dvh] min-h-80 lg:h-[calc(100dvh-12rem)] ${
              placing.value ? "cursor-crosshair!" : ""
            }`}
            role="region"
            aria-label="Map of sites"
            data-testid="map"
          />
          {tiles?.attribution && (
            <p class="absolute right-0 bottom-0 z-[500] bg-surface px-2 text-xs text-text-2">
              {tiles.attribution}
            </p>
          )}
        </div>
        <Unplaced
          fleet={fleet.value}
          mayPlace={mayPlace}
          placing={placing.value?.siteId}
          onPlace={(siteId, name) => placing.value = { siteId, name }}
        />
      </div>
    </>
  );
}
