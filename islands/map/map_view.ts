import type * as Leaflet from "leaflet";
import type { FleetMap, MapPlace, MapStatus, PlaceRouters } from "@/core/contract/map.ts";
import { busyClass } from "./busy.ts";
import { Clusters, type Mark } from "./clusters.ts";
import { graticule } from "./graticule.ts";
import { wedge } from "./wedge.ts";
import { choicePopup, markIcon, markWords, placePopup } from "./marks.ts";

export interface Tiles {
  url: string;
  attribution: string;
  maxZoom: number;
}

export interface View {
  latitude: number;
  longitude: number;
  zoom: number;
}

export interface MapOptions {
  tiles: Tiles | null;
  /** Absent: everything in sight. */
  view: View | undefined;
  mayMove: boolean;
  onView: (view: View) => void;
  onClick: (latitude: number, longitude: number) => void;
  onMove: (place: MapPlace) => void;
  readRouters: (siteId: string) => Promise<PlaceRouters>;
}

const MAX_ZOOM = 20;
/** Marks this far beside the screen are drawn too, so that panning shows no gap. */
const MARGIN = 0.25;
/** How far a sector's wedge reaches, on the screen: what it covers nobody measured. */
const WEDGE_PX = 58;

/** The map: what Leaflet draws, kept apart from what the page asks. */
export class MapView implements Disposable {
  readonly #map: Leaflet.Map;
  readonly #marks: Leaflet.LayerGroup;
  readonly #lines: Leaflet.LayerGroup;
  readonly #popup: Leaflet.Popup;
  #fleet: FleetMap = { places: [], links: [], sectors: [], unplaced: [], withoutSite: 0 };
  #clusters = new Clusters([]);
  #isPlaced = false;

  constructor(
    readonly leaflet: typeof Leaflet,
    element: HTMLElement,
    readonly options: MapOptions,
  ) {
    const { tiles, view } = options;
    this.#map = leaflet.map(element, {
      attributionControl: false, // it would read the text as HTML
      zoomControl: true,
      minZoom: 1,
      maxZoom: MAX_ZOOM,
      worldCopyJump: true,
    });
    if (view) this.#map.setView([view.latitude, view.longitude], view.zoom);
    else this.#map.setView([25, 10], 2);
    this.#isPlaced = view !== undefined;
    leaflet.control.scale({ imperial: false }).addTo(this.#map);
    this.#lines = leaflet.layerGroup().addTo(this.#map);
    this.#marks = leaflet.layerGroup().addTo(this.#map);
    this.#popup = leaflet.popup({ maxWidth: 320, minWidth: 200, offset: [0, -6] });
    if (tiles) {
      leaflet.tileLayer(tiles.url, {
        maxZoom: MAX_ZOOM,
        maxNativeZoom: tiles.maxZoom,
        // Tile servers tell their users by it; the page's own address stays here.
        referrerPolicy: "origin",
      }).addTo(this.#map);
    } else graticule(leaflet, this.#map);
    this.#map.on("moveend", () => {
      this.#draw();
      const { lat, lng } = this.#map.getCenter();
      options.onView({ latitude: lat, longitude: lng, zoom: this.#map.getZoom() });
    });
    this.#map.on("click", ({ latlng }) => {
      const { lat, lng } = latlng.wrap();
      options.onClick(lat, lng);
    });
  }

  /** Shows a fleet; of one status only, if told. */
  show(fleet: FleetMap, status: MapStatus | undefined): void {
    this.#fleet = fleet;
    const places = status === undefined
      ? fleet.places
      : fleet.places.filter(({ counts }) => (counts[status] ?? 0) > 0);
    this.#clusters = new Clusters(places);
    if (!this.#isPlaced && fleet.places.length > 0) {
      this.#isPlaced = true;
      this.fit();
    }
    this.#draw();
  }

  fit(): void {
    const points = this.#fleet.places.map(({ latitude, longitude }) =>
      [latitude, longitude] as [number, number]
    );
    if (points.length === 0) return;
    this.#map.fitBounds(this.leaflet.latLngBounds(points), { padding: [50, 50], maxZoom: 14 });
  }

  centre(): { latitude: number; longitude: number } {
    const { lat, lng } = this.#map.getCenter().wrap();
    return { latitude: lat, longitude: lng };
  }

  closePopup(): void {
    this.#map.closePopup();
  }

  [Symbol.dispose](): void {
    this.#map.remove();
  }

  #draw(): void {
    const bounds = this.#map.getBounds().pad(MARGIN);
    const marks = this.#clusters.marks({
      west: bounds.getWest(),
      south: Math.max(bounds.getSouth(), -85),
      east: bounds.getEast(),
      north: Math.min(bounds.getNorth(), 85),
    }, Math.round(this.#map.getZoom()));
    // The one with the keyboard's focus stays it, if it is still there.
    const focused = (document.activeElement as HTMLElement | null)?.dataset["mark"];
    this.#marks.clearLayers();
    for (const mark of marks) this.#add(mark, focused);
    this.#drawLines(marks);
    this.#drawSectors(marks);
  }

  #add(mark: Mark, focused: string | undefined): void {
    const icon = this.leaflet.divIcon({
      html: markIcon(mark),
      className: "map-icon",
      iconSize: [84, 30],
    });
    const marker = this.leaflet.marker([mark.latitude, mark.longitude], { icon }).addTo(
      this.#marks,
    );
    const element = marker.getElement()!;
    const id = mark.places.map(({ siteId }) => siteId).sort()[0]!;
    element.setAttribute("aria-label", markWords(mark));
    element.title = markWords(mark);
    element.dataset["mark"] = id;
    marker.on("click keypress", (event) => {
      const key = (event as { originalEvent?: KeyboardEvent }).originalEvent?.key;
      if (event.type === "click" || key === "Enter") this.#open(mark);
    });
    if (focused === id) element.focus();
  }

  #open(mark: Mark): void {
    if (mark.places.length === 1) this.#openPlace(mark.places[0]!);
    else if (mark.expandsAt! <= MAX_ZOOM) {
      this.#map.setView([mark.latitude, mark.longitude], mark.expandsAt);
    } else {
      const content = choicePopup(mark.places, (place) => this.#openPlace(place));
      this.#popup.setLatLng([mark.latitude, mark.longitude]).setContent(content).openOn(this.#map);
    }
  }

  #openPlace(place: MapPlace): void {
    const { mayMove, onMove, readRouters } = this.options;
    const content = placePopup(place, {
      sectors: this.#fleet.sectors.filter(({ siteId }) => siteId === place.siteId),
      links: this.#fleet.links.filter(({ a, b }) => a === place.siteId || b === place.siteId),
      names: new Map(this.#fleet.places.map(({ siteId, path }) => [siteId, path])),
      mayMove,
      onMove: () => onMove(place),
      readRouters: async (siteId) => {
        const list = await readRouters(siteId);
        // It is higher now: in sight again.
        setTimeout(() => this.#popup.update());
        return list;
      },
    });
    this.#popup.setLatLng([place.latitude, place.longitude]).setContent(content).openOn(this.#map);
  }

  /** From mark to mark: links within one are not seen. */
  #drawLines(marks: readonly Mark[]): void {
    this.#lines.clearLayers();
    const at = new Map<string, Mark>();
    for (const mark of marks) for (const { siteId } of mark.places) at.set(siteId, mark);
    const places = new Map(this.#fleet.places.map((place) => [place.siteId, place]));
    for (const { a, b, state, utilisationPercent } of this.#fleet.links) {
      const ends = [a, b].map((id) => at.get(id) ?? places.get(id));
      if (!ends[0] || !ends[1] || ends[0] === ends[1] || (!at.has(a) && !at.has(b))) continue;
      const { className, weight } = busyClass(state === "stale" ? null : utilisationPercent);
      this.leaflet.polyline(
        ends.map((end) => [end!.latitude, end!.longitude] as [number, number]),
        { className, weight, interactive: false, ...(state === "stale" && { dashArray: "8 6" }) },
      ).addTo(this.#lines);
    }
  }

  /** Of sites that stand by themselves: around a mark of several nobody could tell whose they are. */
  #drawSectors(marks: readonly Mark[]): void {
    const single = new Map(
      marks.flatMap((mark) => mark.places.length === 1 ? [[mark.places[0]!.siteId, mark]] : []),
    );
    for (const sector of this.#fleet.sectors) {
      const mark = single.get(sector.siteId);
      if (!mark) continue;
      const at = this.#map.latLngToLayerPoint([mark.latitude, mark.longitude]);
      const corners = wedge(sector, WEDGE_PX).map(({ x, y }) =>
        this.#map.layerPointToLatLng([at.x + x, at.y + y])
      );
      this.leaflet.polygon(corners, {
        className: `map-sector ${sector.offline > 0 ? "map-sector-bad" : ""}`,
        weight: sector.offline > 0 ? 2.5 : 1,
        interactive: false,
        ...(sector.beamwidth === null && { dashArray: "4 3" }),
      }).addTo(this.#lines);
    }
  }
}
