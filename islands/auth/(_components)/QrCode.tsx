/** A QR code as one path; black on white in both themes, or cameras do not read it. */
export function QrCode({ rows, label }: { rows: boolean[][]; label: string }) {
  const path = rows.map((row, y) =>
    row.map((isDark, x) => isDark ? `M${x} ${y}h1v1h-1z` : "").join("")
  )
    .join("");
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      shape-rendering="crispEdges"
      class="h-40 w-40"
    >
      <rect width="100%" height="100%" fill="white" />
      <path d={path} fill="black" />
    </svg>
  );
}
