/** The two ways to change a router, and what came of it. */
export function EditorModes({ deviceId, at }: { deviceId: string; at: "editor" | "simple" }) {
  const link = (href: string, label: string, isHere: boolean) => (
    <a class="chip" href={href} aria-current={isHere ? "true" : undefined}>{label}</a>
  );
  return (
    <nav class="mb-4 flex flex-wrap gap-1.5" aria-label="Ways to change it">
      {link(`/devices/${deviceId}/editor`, "All menus", at === "editor")}
      {link(`/devices/${deviceId}/simple`, "Simple", at === "simple")}
      {link(`/change-sets?device=${deviceId}`, "Change sets", false)}
    </nav>
  );
}
