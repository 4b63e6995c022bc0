import { compassPoint, type Sector } from "@/core/contract/sectors.ts";

const R = 80;
/** Drawn this wide where nobody knows the beam. */
const USUAL_BEAM = 60;

/** Where on a circle around the middle, north on top. */
function at(degrees: number, radius: number): string {
  const angle = (degrees - 90) * Math.PI / 180;
  return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
}

function wedge({ azimuth, beamwidth }: Pick<Sector, "azimuth" | "beamwidth">): string {
  const beam = beamwidth ?? USUAL_BEAM;
  if (beam >= 360) {
    return `M ${at(0, R)} A ${R} ${R} 0 1 1 ${at(180, R)} A ${R} ${R} 0 1 1 ${at(0, R)} Z`;
  }
  const [from, to] = [azimuth - beam / 2, azimuth + beam / 2];
  return `M 0 0 L ${at(from, R)} A ${R} ${R} 0 ${beam > 180 ? 1 : 0} 1 ${at(to, R)} Z`;
}

/** A site's sectors as they look from above; a list beside it says the same in words. */
export function SectorRose({ sectors }: { sectors: readonly Sector[] }) {
  const words = sectors.map(({ name, azimuth }) => `${name} ${azimuth}°`).join(", ");
  return (
    <svg
      viewBox="-100 -100 200 200"
      class="mx-auto h-56 w-56"
      role="img"
      aria-label={`Sectors from above: ${words}`.slice(0, 500)}
    >
      <circle r={R} class="fill-none stroke-line" />
      <circle r={R / 2} class="fill-none stroke-line" />
      {sectors.map((sector) => (
        <path
          key={sector.id}
          d={wedge(sector)}
          class={sector.offline > 0 ? "fill-bad-soft stroke-bad" : "fill-accent-soft stroke-accent"}
          fill-opacity={0.7}
          stroke-dasharray={sector.beamwidth === null ? "4 3" : undefined}
        >
          <title>
            {`${sector.name}: ${sector.azimuth}° ${compassPoint(sector.azimuth)}, ` +
              (sector.beamwidth === null ? "beam not known" : `beam ${sector.beamwidth}°`)}
          </title>
        </path>
      ))}
      {(["N", "E", "S", "W"] as const).map((point, index) => {
        const [x, y] = at(index * 90, R + 11).split(" ");
        return (
          <text
            key={point}
            x={x}
            y={y}
            class="fill-text-3"
            font-size="11"
            text-anchor="middle"
            dominant-baseline="central"
          >
            {point}
          </text>
        );
      })}
      <circle r="3" class="fill-text" />
    </svg>
  );
}
