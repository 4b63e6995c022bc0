/** Drawn this wide where nobody knows the beam. */
const USUAL_BEAM = 60;
const STEP = 6;

/** Corners of a sector's wedge around 0, 0, in pixels: east is +x, south is +y, as on a screen. */
export function wedge(
  { azimuth, beamwidth }: { azimuth: number; beamwidth: number | null },
  radius: number,
): { x: number; y: number }[] {
  const beam = Math.min(beamwidth ?? USUAL_BEAM, 360);
  const steps = Math.max(2, Math.ceil(beam / STEP));
  const arc = Array.from({ length: steps + 1 }, (_, index) => {
    const angle = (azimuth - beam / 2 + beam * index / steps - 90) * Math.PI / 180;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
  return beam === 360 ? arc : [{ x: 0, y: 0 }, ...arc];
}
