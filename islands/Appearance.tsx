import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { shownZone } from "@/core/contract/zone_time.ts";

type Density = "comfortable" | "compact";
type Sidebar = "wide" | "narrow";
const YEAR = 31_536_000;

/** Cookies, so that the server renders it right from the first byte. */
function keep(name: string, value: string): void {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax`;
}

/** How close rows stand, and how much room the menu takes; tells the server the browser's time zone. */
export default function Appearance(initial: { density: Density; sidebar: Sidebar }) {
  const density = useSignal(initial.density);
  const sidebar = useSignal(initial.sidebar);
  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone && zone !== shownZone()) keep("tod_zone", zone);
  }, []);

  function switchDensity() {
    density.value = density.value === "compact" ? "comfortable" : "compact";
    document.documentElement.dataset["density"] = density.value;
    keep("tod_density", density.value);
  }
  function switchSidebar() {
    sidebar.value = sidebar.value === "narrow" ? "wide" : "narrow";
    document.documentElement.dataset["sidebar"] = sidebar.value;
    keep("tod_sidebar", sidebar.value);
    // Charts and the topology take the room that there is.
    dispatchEvent(new Event("resize"));
  }
  const isNarrow = sidebar.value === "narrow";
  return (
    <>
      <button
        type="button"
        class="nav-link nav-text w-full"
        onClick={switchDensity}
        data-testid="density"
      >
        {density.value === "compact" ? "Compact rows" : "Comfortable rows"}
      </button>
      <button
        type="button"
        class="nav-link w-full max-md:hidden"
        onClick={switchSidebar}
        aria-expanded={!isNarrow}
        aria-label={isNarrow ? "Widen the menu" : undefined}
        data-testid="sidebar"
      >
        <span aria-hidden="true">{isNarrow ? "»" : "«"}</span>
        <span class="nav-text">Narrow the menu</span>
      </button>
    </>
  );
}
