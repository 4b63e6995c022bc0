const TABS = [["Neighbours", "/discovery"], ["Scans", "/discovery/scans"]] as const;

export function DiscoveryTabs({ tab }: { tab: typeof TABS[number][0] }) {
  return (
    <nav class="mb-4 flex gap-5 overflow-x-auto border-b border-line" aria-label="Discovery">
      {TABS.map(([name, href]) => (
        <a key={name} class="tab" href={href} aria-current={name === tab ? "page" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
