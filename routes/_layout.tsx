import { Icon } from "@/components/Icon.tsx";
import type { Me } from "@/core/contract/auth.ts";
import Appearance from "@/islands/Appearance.tsx";
import CommandPalette from "@/islands/CommandPalette.tsx";
import LiveStatus from "@/islands/LiveStatus.tsx";
import SessionKeeper from "@/islands/SessionKeeper.tsx";
import TenantSwitcher from "@/islands/TenantSwitcher.tsx";
import ThemeSwitch from "@/islands/ThemeSwitch.tsx";
import { define } from "./define.ts";

const GROUPS = [
  {
    name: "Operate",
    links: [
      { href: "/", label: "Overview", icon: "overview" },
      { href: "/tenants", label: "All tenants", icon: "tenants", needs: "tenants:read" },
      { href: "/devices", label: "Devices", icon: "devices" },
      { href: "/clients", label: "Clients", icon: "clients", needs: "clients:read" },
      { href: "/sites", label: "Sites", icon: "sites", needs: "sites:read" },
      { href: "/groups", label: "Groups", icon: "tags", needs: "groups:read" },
      { href: "/discovery", label: "Discovery", icon: "discovery", needs: "discovery:run" },
      { href: "/topology", label: "Topology", icon: "topology", needs: "topology:read" },
      { href: "/map", label: "Map", icon: "map", needs: "sites:read" },
      { href: "/events", label: "Events", icon: "events" },
      { href: "/logs", label: "Logs", icon: "logs", needs: "logs:read" },
    ],
  },
  {
    name: "Change",
    links: [
      { href: "/configs", label: "Configurations", icon: "configs", needs: "configs:read" },
      { href: "/pushes", label: "Changes", icon: "changes", needs: "configs:read" },
      { href: "/change-sets", label: "Change sets", icon: "drafts", needs: "configs:read" },
      { href: "/compliance", label: "Compliance", icon: "compliance", needs: "compliance:read" },
      { href: "/templates", label: "Templates", icon: "templates", needs: "templates:read" },
      { href: "/jobs", label: "Jobs", icon: "jobs", needs: "configs:read" },
    ],
  },
  {
    name: "Manage",
    links: [
      { href: "/settings/tenants", label: "Tenants", icon: "tenants", needs: "tenants:read" },
      { href: "/settings/users", label: "Users", icon: "users", needs: "users:read" },
      { href: "/settings/roles", label: "Roles", icon: "roles", needs: "users:read" },
      {
        href: "/settings/credentials",
        label: "Router logins",
        icon: "login",
        needs: "credentials:read",
      },
      { href: "/settings/api-keys", label: "API keys", icon: "key", needs: "apikeys:read" },
      {
        href: "/settings/organisation",
        label: "Organisation",
        icon: "organisation",
        needs: "settings:read",
      },
      { href: "/audit", label: "Audit log", icon: "audit", needs: "audit:read" },
      {
        href: "/transparency",
        label: "Transparency",
        icon: "transparency",
        needs: "transparency:read",
      },
    ],
  },
  { name: "Build", links: [{ href: "/docs", label: "API reference", icon: "api" }] },
] as const;

/** What this person may open. The API refuses the rest; a link to a refusal helps nobody. */
function groupsFor({ permissions }: Me) {
  return GROUPS.map(({ name, links }) => ({
    name,
    links: links.filter((link) => !("needs" in link) || permissions.includes(link.needs)),
  })).filter(({ links }) => links.length > 0);
}

/** The frame: sidebar, which on a phone folds behind a button that needs no script, and the page. */
export default define.layout(({ Component, url, state }) => {
  const { me } = state;
  // Before anybody is signed in there is no frame: those pages bring a card of their own.
  if (!me) return <Component />;
  const isHere = (href: string) =>
    href === "/" ? url.pathname === "/" : url.pathname.startsWith(href);
  return (
    <div class="min-h-dvh md:grid md:grid-cols-[var(--sidebar)_minmax(0,1fr)]">
      <a
        href="#content"
        class="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:bg-surface focus:p-3"
      >
        Skip to the content
      </a>
      <aside class="print:hidden border-b border-line bg-surface md:sticky md:top-0 md:flex md:h-dvh md:flex-col md:overflow-y-auto md:border-r md:border-b-0">
        <input
          type="checkbox"
          id="menu"
          class="peer sr-only md:hidden"
          aria-label="Show the menu"
        />
        <div class="flex items-center gap-2.5 px-4 py-3 md:py-4 peer-focus-visible:outline-2 peer-focus-visible:outline-accent">
          <a href="/" class="flex items-center gap-2.5">
            <img src="/favicon.svg" alt="" width="24" height="24" />
            <span class="nav-text text-lg font-semibold">TOD</span>
          </a>
          <span class="nav-text contents">
            {me.permissions.includes("tenants:read")
              ? <TenantSwitcher tenantId={me.tenantId} tenantName={me.tenantName} />
              : (
                <bdi class="truncate text-sm text-text-3" title={me.tenantName}>
                  {me.tenantName}
                </bdi>
              )}
          </span>
          <label for="menu" class="ml-auto cursor-pointer p-1.5 md:hidden">
            <Icon name="menu" />
          </label>
        </div>
        <div class="hidden flex-1 flex-col peer-checked:flex md:flex">
          <nav class="px-3 pb-3" aria-label="Main">
            <div class="nav-text mb-4">
              <CommandPalette mayFindClients={me.permissions.includes("clients:read")} />
            </div>
            {groupsFor(me).map(({ name, links }) => (
              <div key={name} class="mb-4">
                <p class="nav-text px-2.5 pb-1 text-xs text-text-3">{name}</p>
                {links.map(({ href, label, icon }) => (
                  <a
                    key={href}
                    href={href}
                    class="nav-link"
                    title={state.sidebar === "narrow" ? label : undefined}
                    aria-current={isHere(href) ? "page" : undefined}
                  >
                    <Icon name={icon} />
                    <span class="nav-text">{label}</span>
                  </a>
                ))}
              </div>
            ))}
          </nav>
          <div class="mt-auto border-t border-line p-3">
            <div class="px-2.5 py-1.5">
              <LiveStatus />
              <SessionKeeper />
            </div>
            <a
              href="/account"
              class="nav-link"
              aria-current={isHere("/account") ? "page" : undefined}
            >
              <Icon name="account" />
              <bdi class="nav-text truncate">{me.name}</bdi>
            </a>
            <div class="nav-text">
              <ThemeSwitch initial={state.theme} />
            </div>
            <Appearance density={state.density} sidebar={state.sidebar} />
            <p class="nav-text px-2.5 pt-1 text-xs text-text-3">Version {state.version}</p>
          </div>
        </div>
      </aside>
      <main id="content" class="min-w-0 px-4 py-5 md:px-8 md:py-6">
        <Component />
      </main>
    </div>
  );
});
