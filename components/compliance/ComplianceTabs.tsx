const TABS = [
  ["Overview", "/compliance"],
  ["Rules", "/compliance/rules"],
  ["Policies", "/compliance/policies"],
  ["Exceptions", "/compliance/exceptions"],
  ["Baselines", "/compliance/baselines"],
] as const;

/** Between the pages of what routers should hold. */
export function ComplianceTabs({ at }: { at: typeof TABS[number][0] }) {
  return (
    <nav
      class="mb-4 flex gap-5 overflow-x-auto border-b border-line print:hidden"
      aria-label="Compliance"
    >
      {TABS.map(([name, href]) => (
        <a key={name} class="tab" href={href} aria-current={name === at ? "page" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
