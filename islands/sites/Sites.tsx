import { useSignal } from "@preact/signals";
import { type Site, siteFilter } from "@/core/contract/sites.ts";
import { ask } from "../ask.ts";
import { useChange } from "../settings/use_change.ts";
import { SiteForm } from "./(_components)/SiteForm.tsx";

export interface SitesProps {
  initial: Site[];
  mayWrite: boolean;
}

/** By depth; classes, as the page allows no style of an element's own. */
const INDENT = ["pl-3!", "pl-8!", "pl-13!", "pl-18!", "pl-22!", "pl-26!", "pl-30!", "pl-34!"];

type Editing = { site: Site } | { below: Site | undefined };

/** The tree of sites: what stands where, and where something is down. */
export default function Sites({ initial, mayWrite }: SitesProps) {
  const sites = useSignal(initial);
  const editing = useSignal<Editing | undefined>(
    initial.length === 0 ? { below: undefined } : undefined,
  );
  const change = useChange();

  async function reload() {
    const answer = await ask("/api/sites");
    if (answer.ok) sites.value = (await answer.json()).items;
  }
  async function save(body: Record<string, unknown>): Promise<void> {
    const now = editing.value!;
    const result = "site" in now
      ? await change.run("PATCH", `/api/sites/${now.site.id}`, body)
      : await change.run("POST", "/api/sites", body);
    if (!result) return;
    editing.value = undefined;
    await reload();
  }
  async function remove(site: Site) {
    if (!confirm(`Remove the site ${site.name}?`)) return;
    if (await change.run("DELETE", `/api/sites/${site.id}`)) await reload();
  }
  function edit(next: Editing) {
    change.problem.value = "";
    editing.value = next;
  }

  const now = editing.value;
  return (
    <>
      {sites.value.length > 0 && (
        <div class="panel table-scroll mb-4">
          <table class="table" data-testid="sites">
            <thead>
              <tr>
                <th scope="col">Site</th>
                <th scope="col">Routers</th>
                <th scope="col" class="hidden md:table-cell">Address</th>
                {mayWrite && <th scope="col">Actions</th>}
              </tr>
            </thead>
            <tbody>
              {sites.value.map((site) => (
                <tr key={site.id}>
                  <th scope="row" class={INDENT[site.depth - 1]}>
                    <a class="hover:underline" href={`/sites/${site.id}`}>
                      <bdi class="break">{site.name}</bdi>
                    </a>
                  </th>
                  <td>
                    <Routers site={site} all={sites.value} />
                  </td>
                  <td class="break hidden md:table-cell">
                    {site.address && <bdi>{site.address}</bdi>}
                  </td>
                  {mayWrite && (
                    <td>
                      <span class="flex flex-wrap gap-1.5">
                        <button
                          type="button"
                          class="btn"
                          aria-label={`Edit ${site.name}`}
                          onClick={() => edit({ site })}
                        >
                          Edit
                        </button>
                        <button
                          type="button"
                          class="btn"
                          aria-label={`Add below ${site.name}`}
                          onClick={() => edit({ below: site })}
                        >
                          Add below
                        </button>
                        <button
                          type="button"
                          class="btn btn-danger"
                          aria-label={`Remove ${site.name}`}
                          disabled={change.isBusy.value}
                          onClick={() => void remove(site)}
                        >
                          Remove
                        </button>
                      </span>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {change.problem.value && (
        <p class="break mb-4 text-bad" role="alert">{change.problem.value}</p>
      )}
      {mayWrite && now && (
        <SiteForm
          key={"site" in now ? now.site.id : `below ${now.below?.id ?? ""}`}
          site={"site" in now ? now.site : undefined}
          below={"below" in now ? now.below : undefined}
          sites={sites.value}
          isBusy={change.isBusy.value}
          onSave={(body) => void save(body)}
          onCancel={() => editing.value = undefined}
        />
      )}
      {mayWrite && !now && (
        <button
          type="button"
          class="btn btn-primary"
          onClick={() => edit({ below: undefined })}
        >
          Add site
        </button>
      )}
    </>
  );
}

/** Of the site and everything below it: what somebody asks who looks at a customer. */
function Routers({ site, all }: { site: Site; all: readonly Site[] }) {
  const within = all.filter(({ path }) => path === site.path || path.startsWith(`${site.path} / `));
  const sum = (of: "devices" | "online" | "offline") =>
    within.reduce((total, one) => total + one[of], 0);
  const [devices, offline] = [sum("devices"), sum("offline")];
  if (devices === 0) return <span class="text-text-3">none</span>;
  return (
    <span class="flex flex-wrap gap-x-3">
      <a class="underline" href={`/devices?${new URLSearchParams({ q: siteFilter(site) })}`}>
        {devices} {devices === 1 ? "router" : "routers"}
      </a>
      {offline > 0
        ? <span class="text-bad">{offline} offline</span>
        : <span class="text-ok">{sum("online")} online</span>}
    </span>
  );
}
