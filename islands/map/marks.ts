import { STATUS_LOOK } from "@/components/Status.tsx";
import {
  MAP_STATUSES,
  type MapLink,
  type MapPlace,
  type MapSector,
  type PlaceRouters,
} from "@/core/contract/map.ts";
import { percent } from "@/core/contract/format.ts";
import { compassPoint } from "@/core/contract/sectors.ts";
import { plainText } from "@/core/contract/plain_text.ts";
import { type Mark, totalOf, worstOf } from "./clusters.ts";

const SVG = "http://www.w3.org/2000/svg";

/** An element with a text: names of sites and routers never pass a parser of HTML. */
function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = "",
  text = "",
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function shape(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ width: "12", height: "12", viewBox: "0 0 12 12" })) {
    svg.setAttribute(name, value);
  }
  svg.setAttribute("fill", "currentColor");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

/** What a mark says of its routers, in words. */
export function markWords({ places, counts }: Mark): string {
  const name = places.length === 1 ? plainText(places[0]!.name) : `${places.length} sites`;
  const parts = MAP_STATUSES.filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`);
  return `${name}: ${parts.length > 0 ? parts.join(", ") : "no routers"}`;
}

/** A pill with the shape and colour of the worst status, and how many routers that is true of. */
export function markIcon(mark: Mark): HTMLElement {
  const worst = worstOf(mark.counts);
  const total = totalOf(mark.counts);
  const tone = worst ? STATUS_LOOK[worst].tone : "text-off";
  const pill = element("span", `map-mark ${tone} ${mark.places.length > 1 ? "map-many" : ""}`);
  pill.append(shape(STATUS_LOOK[worst ?? "disabled"].shape));
  const share = worst && worst !== "online" && mark.counts[worst] < total
    ? `${mark.counts[worst]} of ${total}`
    : String(total);
  pill.append(element("span", "text-text", share));
  return pill;
}

/** What a click on one site opens. */
export function placePopup(
  place: MapPlace,
  { links, sectors, names, mayMove, onMove, readRouters }: {
    links: readonly MapLink[];
    sectors: readonly MapSector[];
    /** Of other places, by site id. */
    names: ReadonlyMap<string, string>;
    mayMove: boolean;
    onMove: () => void;
    readRouters: (siteId: string) => Promise<PlaceRouters>;
  },
): HTMLElement {
  const box = element("div", "grid gap-2");
  const title = element("h2", "font-semibold break");
  title.append(element("bdi", "", place.path));
  box.append(title);

  const list = element("ul", "grid gap-1");
  list.append(element("li", "text-text-3", "Reading its routers…"));
  box.append(list);
  void readRouters(place.siteId).then(({ items, total }) => {
    const rows = items.map(({ id, name, status }) => {
      const row = element("li", "flex gap-2");
      const state = element("span", `flex items-center gap-1 ${STATUS_LOOK[status].tone}`);
      state.append(shape(STATUS_LOOK[status].shape), STATUS_LOOK[status].word);
      const link = element("a", "underline break");
      link.href = `/devices/${id}`;
      link.append(element("bdi", "", name));
      row.append(state, link);
      return row;
    });
    list.replaceChildren(
      ...(rows.length > 0 ? rows : [element("li", "text-text-3", "No router stands here.")]),
    );
    // The fleet's search has no way to say a quote.
    if (total > items.length && !place.path.includes('"')) {
      const query = `site:"${place.path}"`;
      const more = element("a", "underline", `All ${total} routers`);
      more.href = `/devices?${new URLSearchParams({ q: query })}`;
      const row = element("li");
      row.append(more);
      list.append(row);
    }
  }, () => {
    list.replaceChildren(element("li", "text-bad", "Its routers could not be read: try again."));
  });

  for (const { name, azimuth, devices, offline } of sectors.slice(0, 8)) {
    const line = element("p", "text-text-2 break", "Sector ");
    const routers = devices === 1 ? "1 router" : `${devices} routers`;
    const bad = offline > 0 ? `, ${offline} offline` : "";
    line.append(
      element("bdi", "", name),
      ` ${azimuth}° ${compassPoint(azimuth)}: ${routers}${bad}`,
    );
    box.append(line);
  }
  for (const link of links.slice(0, 8)) {
    const other = names.get(link.a === place.siteId ? link.b : link.a) ?? "another site";
    const busy = link.utilisationPercent === null
      ? ""
      : `, ${percent(link.utilisationPercent)} busy`;
    const old = link.state === "stale" ? ", not seen lately" : "";
    const line = element(
      "p",
      "text-text-2 break",
      link.links === 1 ? "Link to " : `${link.links} links to `,
    );
    line.append(element("bdi", "", other), busy + old);
    box.append(line);
  }
  if (mayMove) {
    const move = element("button", "btn justify-self-start", "Move this site");
    move.type = "button";
    move.addEventListener("click", onMove);
    box.append(move);
  }
  return box;
}

/** What a click on sites at the very same place opens. */
export function choicePopup(
  places: readonly MapPlace[],
  onChoose: (place: MapPlace) => void,
): HTMLElement {
  const box = element("div", "grid gap-1");
  box.append(element("h2", "font-semibold", `${places.length} sites in one place`));
  for (const place of places.slice(0, 50)) {
    const button = element("button", "btn justify-start text-left");
    button.type = "button";
    button.append(element("bdi", "truncate", place.path));
    button.addEventListener("click", () => onChoose(place));
    box.append(button);
  }
  return box;
}
