import { useComputed, useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Tenant } from "@/core/contract/tenants.ts";
import { ask } from "./ask.ts";
import { useChange } from "./settings/use_change.ts";

export interface TenantSwitcherProps {
  tenantId: string;
  tenantName: string;
}

/** Past this many a list needs a field to search it. */
const SEARCH_FROM = 8;

/** Where one works now, and the way to work in another tenant; for those who may in several. */
export default function TenantSwitcher({ tenantId, tenantName }: TenantSwitcherProps) {
  const tenants = useSignal<Tenant[] | undefined>(undefined);
  const query = useSignal("");
  const menu = useRef<HTMLDetailsElement>(null);
  const change = useChange();
  const shown = useComputed(() => {
    const words = query.value.trim().toLowerCase();
    return (tenants.value ?? []).filter(({ name, slug }) =>
      name.toLowerCase().includes(words) || slug.includes(words)
    );
  });

  async function load() {
    if (!menu.current?.open) return;
    query.value = "";
    change.problem.value = "";
    const answer = await ask("/api/tenants").catch(() => undefined);
    if (answer?.ok) tenants.value = (await answer.json() as { items: Tenant[] }).items;
    else change.problem.value = "Cannot list the tenants now: close this and open it again.";
  }
  async function enter(id: string) {
    // What is on the page belongs to the tenant that is left.
    if (await change.run("POST", "/api/auth/tenant", { tenantId: id })) location.assign("/");
  }
  function close() {
    if (!menu.current?.open) return;
    menu.current.open = false;
    menu.current.querySelector("summary")?.focus();
  }

  return (
    <details
      ref={menu}
      class="relative min-w-0 flex-1"
      onToggle={() => void load()}
      onKeyDown={(event) => event.key === "Escape" && close()}
      onFocusOut={(event) => {
        const next = event.relatedTarget;
        if (next instanceof Node && !menu.current?.contains(next)) menu.current!.open = false;
      }}
    >
      <summary
        class="flex list-none items-center gap-1 rounded-md border border-line px-2 py-1 text-sm"
        aria-label={`Tenant ${tenantName}: switch`}
      >
        <bdi class="truncate" title={tenantName}>{tenantName}</bdi>
        <span class="ml-auto text-text-3" aria-hidden="true">▾</span>
      </summary>
      <div class="panel absolute left-0 z-20 mt-1 w-64 p-1.5 shadow-pop">
        {tenants.value && tenants.value.length >= SEARCH_FROM && (
          <input
            type="search"
            class="field mb-1.5"
            aria-label="Find a tenant"
            placeholder="Find a tenant"
            value={query.value}
            onInput={(event) => query.value = event.currentTarget.value}
          />
        )}
        {change.problem.value && (
          <p class="break px-2 py-1 text-sm text-bad" role="alert">{change.problem.value}</p>
        )}
        {!tenants.value && !change.problem.value && (
          <p class="px-2 py-1 text-sm text-text-3" role="status">Loading…</p>
        )}
        <ul class="max-h-[50vh] overflow-auto">
          {shown.value.map(({ id, name, devices, isActive }) => (
            <li key={id}>
              <button
                type="button"
                class="nav-link w-full text-left"
                aria-current={id === tenantId ? "true" : undefined}
                disabled={change.isBusy.value || id === tenantId}
                onClick={() => void enter(id)}
              >
                <bdi class="min-w-0 truncate" title={name}>{name}</bdi>
                <span class="ml-auto shrink-0 text-xs text-text-3">
                  {isActive ? `${devices} ${devices === 1 ? "router" : "routers"}` : "suspended"}
                </span>
              </button>
            </li>
          ))}
          {tenants.value && shown.value.length === 0 && (
            <li class="px-2 py-1 text-sm text-text-3">No tenant matches.</li>
          )}
        </ul>
        <a class="nav-link border-t border-line text-sm" href="/settings/tenants">All tenants</a>
      </div>
    </details>
  );
}
