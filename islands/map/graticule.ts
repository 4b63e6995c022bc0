import type * as Leaflet from "leaflet";

/** Steps of the grid in degrees, from far to near. */
const STEPS = [30, 15, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
/** A label of degrees needs so much. */
const LABEL_PX = 84;
const MAX_LINES = 40;

/** Meridians and parallels with their degrees: where there are no tiles, one still sees how far it is. */
export function graticule(leaflet: typeof Leaflet, map: Leaflet.Map): () => void {
  const layer = leaflet.layerGroup().addTo(map);
  const draw = () => {
    layer.clearLayers();
    const bounds = map.getBounds();
    const [west, east] = [Math.max(bounds.getWest(), -360), Math.min(bounds.getEast(), 360)];
    const [south, north] = [Math.max(bounds.getSouth(), -85), Math.min(bounds.getNorth(), 85)];
    const perLine = LABEL_PX * (east - west) / map.getSize().x;
    const step = STEPS.findLast((one) => one >= perLine) ?? STEPS[0]!;
    const line = (from: Leaflet.LatLngTuple, to: Leaflet.LatLngTuple) =>
      leaflet.polyline([from, to], { className: "map-grid", interactive: false, weight: 1 })
        .addTo(layer);
    const label = (at: Leaflet.LatLngTuple, text: string) => {
      const html = document.createElement("span");
      html.className = "map-degrees";
      html.textContent = text;
      const icon = leaflet.divIcon({
        html,
        className: "",
        iconSize: [70, 14],
        iconAnchor: [-3, 14],
      });
      leaflet.marker(at, { icon, interactive: false, keyboard: false }).addTo(layer);
    };
    for (const x of ticks(west, east, step)) {
      line([south, x], [north, x]);
      label([south, x], degrees(x, step, "E", "W"));
    }
    for (const y of ticks(south, north, step)) {
      line([y, west], [y, east]);
      label([y, west], degrees(y, step, "N", "S"));
    }
  };
  draw();
  map.on("moveend", draw);
  return () => {
    map.off("moveend", draw);
    layer.remove();
  };
}

export function ticks(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step);
  const count = Math.min(Math.floor(to / step) - first + 1, MAX_LINES);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => (first + index) * step);
}

function degrees(value: number, step: number, positive: string, negative: string): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  const wrapped = positive === "E" ? ((value + 540) % 360) - 180 : value;
  const text = Math.abs(wrapped).toFixed(digits);
  return `${text}° ${wrapped === 0 ? "" : wrapped > 0 ? positive : negative}`.trim();
}
